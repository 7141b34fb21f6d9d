#include "duck/append_columns.h"

#include <array>
#include <optional>

#include "duck/table_rules.h"

namespace duck {
namespace {

using delta::DataType;
using delta::TypeKind;

// How long an integer is; nothing for other types.
std::optional<int> integer_rank(TypeKind kind) {
  constexpr std::array kIntegers = {TypeKind::kByte, TypeKind::kShort, TypeKind::kInteger,
                                    TypeKind::kLong};
  for (std::size_t i = 0; i < kIntegers.size(); ++i) {
    if (kIntegers[i] == kind) return static_cast<int>(i);
  }
  return std::nullopt;
}

bool fits(const DataType& from, const DataType& to);

bool nested_fits(const DataType& from, const DataType& to) {
  if (from.kind() == TypeKind::kArray) return fits(from.element(), to.element());
  if (from.kind() == TypeKind::kMap) {
    return fits(from.key(), to.key()) && fits(from.element(), to.element());
  }
  if (from.fields().size() != to.fields().size()) return false;
  for (std::size_t i = 0; i < from.fields().size(); ++i) {
    if (from.fields()[i].name != to.fields()[i].name) return false;
    if (!fits(from.fields()[i].type, to.fields()[i].type)) return false;
  }
  return true;
}

bool fits(const DataType& from, const DataType& to) {
  const std::optional<int> from_rank = integer_rank(from.kind());
  const std::optional<int> to_rank = integer_rank(to.kind());
  if (from_rank && to_rank) return *from_rank <= *to_rank;
  if (from.kind() == TypeKind::kFloat && to.kind() == TypeKind::kDouble) return true;
  if (from.kind() != to.kind()) return false;
  if (from.kind() == TypeKind::kDecimal) {
    return from.scale() <= to.scale() &&
           from.precision() - from.scale() <= to.precision() - to.scale();
  }
  return !from.is_nested() || nested_fits(from, to);
}

}  // namespace

std::optional<AppendObstacle> append_obstacle(const delta::Schema& table,
                                              const delta::Schema& rows) {
  for (const delta::StructField& field : rows.fields) {
    const delta::StructField* column = table.find(field.name);
    if (column == nullptr) {
      return AppendObstacle{field.name, "the table has no column '" + field.name + "'"};
    }
    if (!fits(field.type, column->type)) {
      return AppendObstacle{column->name, "column '" + column->name + "' is " +
                                              column->type.to_string() + " in the table, and " +
                                              field.type.to_string() + " does not fit into it"};
    }
  }
  for (const delta::StructField& column : table.fields) {
    if (!column.nullable && !has_own_value(column) && rows.find(column.name) == nullptr) {
      return AppendObstacle{column.name, "the table's column '" + column.name +
                                             "' is not nullable, and the rows lack it"};
    }
  }
  return std::nullopt;
}

}  // namespace duck
