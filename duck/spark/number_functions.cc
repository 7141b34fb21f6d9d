#include <algorithm>

#include "duck/spark/casts.h"
#include "duck/spark/functions.h"
#include "duck/spark/operators.h"
#include "duck/spark/unsupported.h"

namespace duck::spark {
namespace {

using delta::DataType;
using delta::TypeKind;

bool is_floating(const DataType& type) {
  return type.kind() == TypeKind::kFloat || type.kind() == TypeKind::kDouble;
}

TypedSql absolute(const std::string& name, Operands operands) {
  if (!is_numeric(operands[0].type)) wrong_operands(name, operands);
  return {.sql = "abs(" + operands[0].sql + ")", .type = operands[0].type, .may_fail = true};
}

// Half away from zero. Digits after the point of a floating-point number are rounded in two ways.
TypedSql rounded(const std::string& name, Operands operands) {
  const DataType& type = operands[0].type;
  const long digits = operands.size() > 1 ? literal_integer(name, operands[1]) : 0;
  if (!is_numeric(type) || digits < 0) wrong_operands(name, operands);
  if (is_integral(type)) return operands[0];
  if (is_floating(type)) {
    if (digits != 0) unsupported("round of " + type.to_string() + " to digits after the point");
    return {
        .sql = "round(" + operands[0].sql + ")", .type = type, .may_fail = operands[0].may_fail};
  }
  const int scale = static_cast<int>(std::min<long>(digits, type.scale()));
  if (scale == type.scale()) return operands[0];
  const int whole = type.precision() - type.scale() + 1;
  const DataType result = DataType::decimal(whole + scale, scale);
  return {.sql = cast_sql("round(" + operands[0].sql + ", " + std::to_string(scale) + ")", result),
          .type = result,
          .may_fail = operands[0].may_fail};
}

TypedSql whole_part(const std::string& name, Operands operands) {
  const DataType& type = operands[0].type;
  const std::string function = name == "floor" ? "floor(" : "ceil(";
  if (is_integral(type)) return cast(operands[0], long_type());
  if (is_floating(type)) {
    return {.sql = cast_sql(function + operands[0].sql + ")", long_type()),
            .type = long_type(),
            .may_fail = true};
  }
  if (type.kind() != TypeKind::kDecimal) wrong_operands(name, operands);
  const DataType result = DataType::decimal(type.precision() - type.scale() + 1, 0);
  return {.sql = cast_sql(function + operands[0].sql + ")", result),
          .type = result,
          .may_fail = operands[0].may_fail};
}

TypedSql remainder(const std::string&, Operands operands) {
  return apply_operator("%", std::move(operands));
}

// pmod(a, n): never negative for a positive n.
TypedSql positive_remainder(const std::string& name, Operands operands) {
  if (literal_integer(name, operands[1]) <= 0) wrong_operands(name, operands);
  const TypedSql divisor = operands[1];
  const TypedSql rest = apply_operator("%", std::move(operands));
  const TypedSql wide = cast(apply_operator("+", {cast(rest, long_type()), divisor}), long_type());
  TypedSql result = cast(apply_operator("%", {wide, divisor}), rest.type);
  result.may_fail = true;
  return result;
}

TypedSql square_root(const std::string& name, Operands operands) {
  if (!is_integral(operands[0].type) && !is_floating(operands[0].type)) {
    wrong_operands(name, operands);
  }
  const std::string value = cast_sql(operands[0].sql, double_type());
  return {.sql = "(CASE WHEN " + value + " < 0 THEN CAST('NaN' AS DOUBLE) ELSE sqrt(" + value +
                 ") END)",
          .type = double_type(),
          .may_fail = operands[0].may_fail};
}

TypedSql is_nan(const std::string& name, Operands operands) {
  if (!is_floating(operands[0].type)) wrong_operands(name, operands);
  return {.sql = "coalesce(isnan(" + operands[0].sql + "), FALSE)",
          .type = boolean_type(),
          .may_fail = operands[0].may_fail};
}

}  // namespace

const Functions& number_functions() {
  static const Functions functions = {
      {"abs", {1, 1, absolute}},
      {"round", {1, 2, rounded}},
      {"floor", {1, 1, whole_part}},
      {"ceil", {1, 1, whole_part}},
      {"ceiling", {1, 1, whole_part}},
      {"mod", {2, 2, remainder}},
      {"pmod", {2, 2, positive_remainder}},
      {"sqrt", {1, 1, square_root}},
      {"isnan", {1, 1, is_nan}},
  };
  return functions;
}

}  // namespace duck::spark
