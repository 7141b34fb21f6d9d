#include "delta/src/column_assignment.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "base/uuid.h"
#include "delta/column_mapping.h"
#include "delta/invalid_property.h"
#include "delta/schema.h"
#include "delta/word_property.h"

namespace delta {
namespace {

constexpr const char* kMode = "delta.columnMapping.mode";
constexpr const char* kMaxId = "delta.columnMapping.maxColumnId";

using Fields = std::vector<StructField>;

std::string mode_of(const Metadata& metadata) { return word_property(metadata, kMode, "none"); }

void check_mode(const std::string& mode, const std::string& old_mode, bool is_new) {
  const bool known = mode == "name" || mode == "id";
  const bool reachable = is_new || mode == old_mode || (old_mode == "none" && mode == "name");
  if (known && reachable) return;
  throw_invalid_property(kMode, mode,
                         known ? "no mode that can follow '" + old_mode + "'" : "no mode");
}

std::int64_t greatest_id(const Fields& fields);

std::int64_t greatest_id(const DataType& type) {
  switch (type.kind()) {
    case TypeKind::kStruct:
      return greatest_id(type.fields());
    case TypeKind::kArray:
      return greatest_id(type.element());
    case TypeKind::kMap:
      return std::max(greatest_id(type.key()), greatest_id(type.element()));
    default:
      return 0;
  }
}

std::int64_t greatest_id(const Fields& fields) {
  std::int64_t greatest = 0;
  for (const StructField& field : fields) {
    greatest = std::max({greatest, column_id(field).value_or(0), greatest_id(field.type)});
  }
  return greatest;
}

std::int64_t configured_max_id(const Metadata& metadata) {
  const auto entry = metadata.configuration.find(kMaxId);
  if (entry == metadata.configuration.end()) return 0;
  try {
    return std::stoll(entry->second);
  } catch (const std::exception&) {
    throw_invalid_property(kMaxId, entry->second, "no number");
  }
}

const DataType* part(const DataType* old, TypeKind kind, bool key) {
  if (old == nullptr || old->kind() != kind) return nullptr;
  return key ? &old->key() : &old->element();
}

class Assignment {
 public:
  Assignment(std::int64_t max_id, bool old_is_mapped)
      : max_id_(max_id), old_is_mapped_(old_is_mapped) {}

  Fields fields(const Fields& fields, const Fields* old) {
    Fields result = fields;
    const Schema old_schema{old ? *old : Fields{}};
    for (StructField& field : result) {
      const StructField* const before = old_schema.find(field.name);
      const bool same_kind = before != nullptr && before->type.kind() == field.type.kind();
      assign(field, same_kind ? before : nullptr);
      field.type = type(field.type, same_kind ? &before->type : nullptr);
    }
    return result;
  }

  std::int64_t max_id() const { return max_id_; }

 private:
  void assign(StructField& field, const StructField* before) {
    nlohmann::json& metadata = field.metadata;
    if (!metadata.contains(kColumnIdKey)) {
      const auto id = before != nullptr ? column_id(*before) : std::nullopt;
      metadata[kColumnIdKey] = id && old_is_mapped_ ? *id : ++max_id_;
    }
    if (metadata.contains(kPhysicalNameKey)) return;
    if (before == nullptr) {
      metadata[kPhysicalNameKey] = "col-" + base::random_uuid();
    } else {
      metadata[kPhysicalNameKey] =
          old_is_mapped_ ? physical_name(*before, ColumnMapping::kName) : before->name;
    }
  }

  DataType type(const DataType& type, const DataType* old) {
    switch (type.kind()) {
      case TypeKind::kStruct: {
        const bool was_struct = old != nullptr && old->kind() == TypeKind::kStruct;
        return DataType::struct_of(fields(type.fields(), was_struct ? &old->fields() : nullptr));
      }
      case TypeKind::kArray:
        return DataType::array_of(this->type(type.element(), part(old, TypeKind::kArray, false)),
                                  type.contains_null());
      case TypeKind::kMap: {
        DataType key = this->type(type.key(), part(old, TypeKind::kMap, true));
        return DataType::map_of(std::move(key),
                                this->type(type.element(), part(old, TypeKind::kMap, false)),
                                type.contains_null());
      }
      default:
        return type;
    }
  }

  std::int64_t max_id_;
  const bool old_is_mapped_;
};

}  // namespace

bool is_mapped(const Metadata& metadata) { return mode_of(metadata) != "none"; }

Metadata with_assigned_columns(const Metadata& metadata, const Metadata* old) {
  check_mode(mode_of(metadata), old ? mode_of(*old) : "none", old == nullptr);
  const Schema schema = parse_schema(metadata.schema_string);
  const Schema old_schema = old ? parse_schema(old->schema_string) : Schema{};
  std::int64_t max_id = std::max(configured_max_id(metadata), greatest_id(schema.fields));
  if (old) {
    max_id = std::max({max_id, configured_max_id(*old), greatest_id(old_schema.fields)});
  }
  Assignment assignment(max_id, old != nullptr && is_mapped(*old));
  Metadata result = metadata;
  result.schema_string =
      to_json(Schema{assignment.fields(schema.fields, old ? &old_schema.fields : nullptr)});
  result.configuration[kMaxId] = std::to_string(assignment.max_id());
  return result;
}

}  // namespace delta
