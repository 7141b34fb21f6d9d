#include "duck/append_columns.h"

#include <utility>
#include <vector>

#include "delta/schema_merge.h"
#include "duck/table_rules.h"

namespace duck {
namespace {

using delta::DataType;
using delta::StructField;
using delta::TypeKind;

std::string obstacle_in_types(const DataType& table, const DataType& rows, const std::string& path);

// `prefix` is what stands before the names of the fields: "" or "a.b.".
std::optional<AppendObstacle> obstacle_in_fields(const std::vector<StructField>& table,
                                                 const std::vector<StructField>& rows,
                                                 const std::string& prefix) {
  const delta::Schema known{table};
  for (const StructField& field : rows) {
    const StructField* const column = known.find(field.name);
    if (column == nullptr) {
      return AppendObstacle{field.name, "the table has no column '" + prefix + field.name + "'"};
    }
    std::string reason = obstacle_in_types(column->type, field.type, prefix + column->name);
    if (!reason.empty()) return AppendObstacle{column->name, std::move(reason)};
  }
  const delta::Schema given{rows};
  for (const StructField& column : table) {
    const bool is_filled_in = column.nullable || (prefix.empty() && has_own_value(column));
    if (!is_filled_in && given.find(column.name) == nullptr) {
      return AppendObstacle{column.name, "the table's column '" + prefix + column.name +
                                             "' is not nullable, and the rows lack it"};
    }
  }
  return std::nullopt;
}

std::string obstacle_in_types(const DataType& table, const DataType& rows,
                              const std::string& path) {
  if (!delta::holds_values_of(table, rows)) {
    const std::string hint = delta::is_widened_by_merge(table, rows)
                                 ? " (merging schemas would widen it, where the table has "
                                   "delta.enableTypeWidening)"
                                 : "";
    return "column '" + path + "' is " + table.to_string() + " in the table, and " +
           rows.to_string() + " does not fit into it" + hint;
  }
  switch (table.kind()) {
    case TypeKind::kStruct: {
      const auto obstacle = obstacle_in_fields(table.fields(), rows.fields(), path + ".");
      return obstacle ? obstacle->reason : "";
    }
    case TypeKind::kArray:
      return obstacle_in_types(table.element(), rows.element(), path + ".element");
    case TypeKind::kMap: {
      std::string in_key = obstacle_in_types(table.key(), rows.key(), path + ".key");
      if (!in_key.empty()) return in_key;
      return obstacle_in_types(table.element(), rows.element(), path + ".value");
    }
    default:
      return "";
  }
}

}  // namespace

std::optional<AppendObstacle> append_obstacle(const delta::Schema& table,
                                              const delta::Schema& rows) {
  return obstacle_in_fields(table.fields, rows.fields, "");
}

}  // namespace duck
