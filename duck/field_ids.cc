#include "duck/field_ids_internal.h"

#include <utility>
#include <vector>

#include "delta/column_mapping.h"

namespace duck {
namespace {

using delta::DataType;
using delta::TypeKind;
using Children = duckdb::child_list_t<duckdb::Value>;

constexpr const char* kOwnId = "__duckdb_field_id";

void append_fields(const std::vector<delta::StructField>& fields, Children& children);

// The ids of what is inside a value of `type`.
Children ids_within(const DataType& type) {
  Children children;
  const auto append = [&](const char* name, const DataType& part) {
    Children ids = ids_within(part);
    if (!ids.empty()) children.emplace_back(name, duckdb::Value::STRUCT(std::move(ids)));
  };
  switch (type.kind()) {
    case TypeKind::kStruct:
      append_fields(type.fields(), children);
      break;
    case TypeKind::kArray:
      append("element", type.element());
      break;
    case TypeKind::kMap:
      append("key", type.key());
      append("value", type.element());
      break;
    default:
      break;
  }
  return children;
}

void append_fields(const std::vector<delta::StructField>& fields, Children& children) {
  for (const delta::StructField& field : fields) {
    Children ids = ids_within(field.type);
    if (const auto id = delta::column_id(field)) {
      ids.emplace_back(kOwnId, duckdb::Value::INTEGER(static_cast<std::int32_t>(*id)));
    }
    if (ids.empty()) continue;
    children.emplace_back(delta::physical_name(field, delta::ColumnMapping::kName),
                          duckdb::Value::STRUCT(std::move(ids)));
  }
}

}  // namespace

duckdb::Value field_ids(const delta::Schema& schema) {
  Children children;
  append_fields(schema.fields, children);
  return duckdb::Value::STRUCT(std::move(children));
}

}  // namespace duck
