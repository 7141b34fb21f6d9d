#include "duck/struct_bridge_internal.h"

#include <algorithm>
#include <duckdb/parser/expression/constant_expression.hpp>
#include <duckdb/planner/expression/bound_cast_expression.hpp>
#include <utility>

#include "duck/unshredded_variants_internal.h"

namespace duck {
namespace {

using duckdb::ListType;
using duckdb::LogicalType;
using duckdb::LogicalTypeId;
using duckdb::MapType;
using duckdb::MultiFileColumnDefinition;
using duckdb::StructType;

using Fields = duckdb::child_list_t<LogicalType>;

template <typename Named, typename Name>
auto find_named(Named& fields, const std::string& wanted, const Name& name_of) {
  return std::find_if(fields.begin(), fields.end(), [&](const auto& field) {
    return duckdb::StringUtil::CIEquals(name_of(field), wanted);
  });
}

std::optional<LogicalType> bridge(const LogicalType& stored, const LogicalType& wanted);

std::optional<LogicalType> struct_bridge(const Fields& stored, const Fields& wanted) {
  Fields fields = stored;
  bool shares = false;
  bool differs = false;
  for (auto& [name, type] : fields) {
    const auto same =
        find_named(wanted, name, [](const auto& field) -> const auto& { return field.first; });
    if (same == wanted.end()) continue;
    shares = true;
    if (auto between = bridge(type, same->second)) {
      type = std::move(*between);
      differs = true;
    }
  }
  if (shares) return differs ? std::optional(LogicalType::STRUCT(fields)) : std::nullopt;
  fields.insert(fields.end(), wanted.begin(), wanted.end());
  return LogicalType::STRUCT(std::move(fields));
}

std::optional<LogicalType> map_bridge(const LogicalType& stored, const LogicalType& wanted) {
  auto key = bridge(MapType::KeyType(stored), MapType::KeyType(wanted));
  auto value = bridge(MapType::ValueType(stored), MapType::ValueType(wanted));
  if (!key && !value) return std::nullopt;
  return LogicalType::MAP(key.value_or(MapType::KeyType(stored)),
                          value.value_or(MapType::ValueType(stored)));
}

// Between the two types of what is cast; nothing when one step does.
std::optional<LogicalType> bridge(const LogicalType& stored, const LogicalType& wanted) {
  if (stored.id() != wanted.id()) return std::nullopt;
  switch (stored.id()) {
    case LogicalTypeId::STRUCT:
      return struct_bridge(StructType::GetChildTypes(stored), StructType::GetChildTypes(wanted));
    case LogicalTypeId::LIST: {
      auto element = bridge(ListType::GetChildType(stored), ListType::GetChildType(wanted));
      return element ? std::optional(LogicalType::LIST(*element)) : std::nullopt;
    }
    case LogicalTypeId::MAP:
      return map_bridge(stored, wanted);
    default:
      return std::nullopt;
  }
}

void set_type(MultiFileColumnDefinition& column, LogicalType type) {
  column.type = std::move(type);
  column.default_expression =
      duckdb::make_uniq<duckdb::ConstantExpression>(duckdb::Value(column.type));
}

// Whether any of the columns, or of the fields that are mapped one by one, has become another.
bool put_bridges(MultiFileColumns& table, const MultiFileColumns& in_file) {
  bool any = false;
  for (MultiFileColumnDefinition& column : table) {
    if (!column.type.IsNested()) continue;
    const auto stored =
        find_named(in_file, column.name, [](const auto& one) -> const auto& { return one.name; });
    if (stored == in_file.end()) continue;
    if (unshredded_type(stored->type, column.type)) {
      column.children.clear();  // it is mapped as a whole
      set_type(column, stored->type);
    } else if (column.children.empty()) {
      auto between = bridge(stored->type, column.type);
      if (!between) continue;
      set_type(column, std::move(*between));
    } else {
      if (!put_bridges(column.children, stored->children)) continue;
      Fields fields;
      for (const auto& child : column.children) fields.emplace_back(child.name, child.type);
      set_type(column, LogicalType::STRUCT(std::move(fields)));
    }
    any = true;
  }
  return any;
}

}  // namespace

std::optional<MultiFileColumns> bridged_columns(const MultiFileColumns& table,
                                                const MultiFileColumns& in_file) {
  if (std::none_of(table.begin(), table.end(),
                   [](const auto& column) { return column.type.IsNested(); })) {
    return std::nullopt;
  }
  MultiFileColumns columns = table;
  if (!put_bridges(columns, in_file)) return std::nullopt;
  return columns;
}

void cross_bridges(duckdb::ClientContext& context, duckdb::MultiFileReaderData& reader_data,
                   const MultiFileColumns& table, const MultiFileColumns& bridged,
                   const duckdb::vector<duckdb::ColumnIndex>& global_column_ids) {
  for (duckdb::idx_t i = 0; i < global_column_ids.size(); ++i) {
    const duckdb::column_t column = global_column_ids[i].GetPrimaryIndex();
    if (duckdb::IsVirtualColumn(column) || table[column].type == bridged[column].type) continue;
    auto& expression = reader_data.expressions[i];
    if (const auto whole = unshredded_type(expression->return_type, table[column].type)) {
      expression = unshredded(std::move(expression), *whole);
      if (const auto between = bridge(*whole, table[column].type)) {
        expression =
            duckdb::BoundCastExpression::AddCastToType(context, std::move(expression), *between);
      }
    }
    expression = duckdb::BoundCastExpression::AddCastToType(context, std::move(expression),
                                                            table[column].type);
  }
}

}  // namespace duck
