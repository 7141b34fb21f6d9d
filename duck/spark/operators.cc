#include "duck/spark/operators.h"

#include <algorithm>
#include <functional>
#include <map>
#include <utility>

#include "duck/spark/casts.h"
#include "duck/spark/common_type.h"
#include "duck/spark/text_patterns.h"
#include "duck/spark/unsupported.h"
#include "duck/sql_text.h"

namespace duck::spark {
namespace {

using delta::DataType;
using delta::TypeKind;

[[noreturn]] void wrong_types(const std::string& name, const Operands& operands) {
  std::string types;
  for (const TypedSql& operand : operands) {
    types += (types.empty() ? "" : " and ") + operand.type.to_string();
  }
  unsupported("'" + name + "' of " + types);
}

std::string infix(const std::string& left, const std::string& name, const std::string& right) {
  return "(" + left + " " + name + " " + right + ")";
}

TypedSql as_boolean(const std::string& name, const TypedSql& operand) {
  if (operand.type.kind() != TypeKind::kBoolean && !is_void(operand.type)) {
    wrong_types(name, {operand});
  }
  return cast(operand, boolean_type());
}

TypedSql compare(const std::string& name, Operands operands) {
  unify(operands, Use::kComparison, "'" + name + "'");
  if (operands[0].type.is_nested()) wrong_types(name, operands);
  if (is_void(operands[0].type)) wrong_types(name, operands);
  const std::string symbol = name == "<=>" ? "IS NOT DISTINCT FROM" : name;
  return {.sql = infix(operands[0].sql, symbol, operands[1].sql),
          .type = boolean_type(),
          .may_fail = any_may_fail(operands)};
}

// The result of + - * % on decimals, exact as long as it has no more than 38 digits.
DataType decimal_result(const std::string& name, const DataType& left, const DataType& right) {
  int precision = left.precision() + right.precision() + 1;
  int scale = left.scale() + right.scale();
  if (name != "*") {
    scale = std::max(left.scale(), right.scale());
    precision =
        std::max(left.precision() - left.scale(), right.precision() - right.scale()) + scale + 1;
  }
  if (precision > kMaxPrecision) unsupported("'" + name + "' of decimals with that many digits");
  return DataType::decimal(precision, scale);
}

TypedSql shift_date(const std::string& name, const Operands& operands) {
  TypedSql date = operands[0];
  TypedSql days = operands[1];
  if (name == "+" && is_integral(date.type)) std::swap(date, days);
  const bool short_days = is_integral(days.type) && days.type.kind() != TypeKind::kLong;
  if (date.type.kind() != TypeKind::kDate || !short_days) wrong_types(name, operands);
  return {.sql = infix(date.sql, name, cast_sql(days.sql, integer_type())),
          .type = date_type(),
          .may_fail = true};
}

TypedSql calculate_decimal(const std::string& name, const Operands& operands) {
  const DataType left = as_decimal(operands[0]);
  const DataType right = as_decimal(operands[1]);
  const DataType type = decimal_result(name, left, right);
  // DuckDB keeps to 18 digits, and fails beyond, unless an operand has more.
  constexpr int kMoreThan64Bits = 19;
  const bool is_long = type.precision() >= kMoreThan64Bits;
  const int digits = is_long ? std::max(left.precision(), kMoreThan64Bits) : left.precision();
  const std::string a = cast_sql(operands[0].sql, DataType::decimal(digits, left.scale()));
  const std::string b = cast_sql(operands[1].sql, right);
  return {.sql = cast_sql(infix(a, name, b), type), .type = type, .may_fail = true};
}

// + - *
TypedSql calculate(const std::string& name, Operands operands) {
  const bool dates =
      operands[0].type.kind() == TypeKind::kDate || operands[1].type.kind() == TypeKind::kDate;
  if (dates && name != "*") return shift_date(name, operands);
  if (!is_numeric(operands[0].type) || !is_numeric(operands[1].type)) wrong_types(name, operands);
  const auto is = [&](TypeKind kind) {
    return operands[0].type.kind() == kind || operands[1].type.kind() == kind;
  };
  if (is(TypeKind::kDecimal) && !is(TypeKind::kDouble) && !is(TypeKind::kFloat)) {
    return calculate_decimal(name, operands);
  }
  // Of mixed types, FLOAT or DOUBLE, depending on the mode.
  if (is(TypeKind::kFloat) && !is(TypeKind::kDouble) && !is(TypeKind::kDecimal) &&
      !(operands[0].type == operands[1].type)) {
    wrong_types(name, operands);
  }
  unify(operands, Use::kResult, "'" + name + "'");
  return {.sql = infix(operands[0].sql, name, operands[1].sql),
          .type = operands[0].type,
          .may_fail = true};
}

std::string undivided_by_zero(const std::string& divisor, const std::string& sql) {
  return guarded_sql(infix(divisor, "<>", "0"), sql, "division by zero");
}

TypedSql divide(const std::string& name, Operands operands) {
  const auto fits = [](const TypedSql& operand) {
    return is_integral(operand.type) || operand.type.kind() == TypeKind::kFloat ||
           operand.type.kind() == TypeKind::kDouble;
  };
  if (!std::ranges::all_of(operands, fits)) wrong_types(name, operands);
  for (TypedSql& operand : operands) operand.sql = cast_sql(operand.sql, double_type());
  return {.sql = undivided_by_zero(operands[1].sql, infix(operands[0].sql, "/", operands[1].sql)),
          .type = double_type(),
          .may_fail = true};
}

// div and %
TypedSql divide_whole(const std::string& name, Operands operands) {
  for (const TypedSql& operand : operands) {
    if (!is_integral(operand.type)) wrong_types(name, operands);
  }
  unify(operands, Use::kResult, "'" + name + "'");
  TypedSql result{.sql = "", .type = operands[0].type, .may_fail = true};
  if (name == "div") {
    result.type = long_type();
    for (TypedSql& operand : operands) operand = cast(operand, long_type());
  }
  result.sql = undivided_by_zero(
      operands[1].sql, infix(operands[0].sql, name == "div" ? "//" : "%", operands[1].sql));
  return result;
}

TypedSql concatenate(const std::string& name, const Operands& operands) {
  TypedSql result{.sql = "", .type = string_type(), .may_fail = any_may_fail(operands)};
  for (const TypedSql& operand : operands) {
    if (!is_string(operand.type) && !is_integral(operand.type) && !is_void(operand.type)) {
      wrong_types(name, operands);
    }
    const std::string text = cast(operand, string_type()).sql;
    result.sql = result.sql.empty() ? text : infix(result.sql, "||", text);
  }
  return result;
}

TypedSql negate(const std::string& name, const Operands& operands) {
  const TypedSql operand = as_boolean(name, operands[0]);
  return {.sql = "(NOT " + operand.sql + ")", .type = boolean_type(), .may_fail = operand.may_fail};
}

TypedSql negative(const std::string& name, const Operands& operands) {
  if (!is_numeric(operands[0].type)) wrong_types(name, operands);
  return {.sql = "(- " + operands[0].sql + ")", .type = operands[0].type, .may_fail = true};
}

TypedSql is_null(const std::string&, const Operands& operands) {
  return {.sql = "(" + operands[0].sql + " IS NULL)",
          .type = boolean_type(),
          .may_fail = operands[0].may_fail};
}

TypedSql is_in(const std::string& name, Operands operands) {
  unify(operands, Use::kComparison, "'" + name + "'");
  if (operands[0].type.is_nested() || is_void(operands[0].type)) wrong_types(name, operands);
  std::string list;
  for (std::size_t i = 1; i < operands.size(); ++i) {
    list += (i == 1 ? "" : ", ") + operands[i].sql;
  }
  return {.sql = "(" + operands[0].sql + " IN (" + list + "))",
          .type = boolean_type(),
          .may_fail = any_may_fail(operands)};
}

const std::string& pattern_of(const std::string& name, const Operands& operands) {
  if (!is_string(operands[0].type) || !is_string(operands[1].type)) wrong_types(name, operands);
  if (!operands[1].literal) unsupported("'" + name + "' with a pattern that is not a literal");
  return *operands[1].literal;
}

TypedSql like(const std::string& name, const Operands& operands) {
  std::string escape = "\\";
  if (operands.size() > 2) escape = operands[2].literal.value_or("");
  if (escape.size() != 1 || escape == "%" || escape == "_") unsupported("that escape character");
  const std::string& pattern = pattern_of(name, operands);
  check_like_pattern(pattern, escape[0]);
  return {.sql = "(" + operands[0].sql + " LIKE " + quote_string(pattern) + " ESCAPE " +
                 quote_string(escape) + ")",
          .type = boolean_type(),
          .may_fail = operands[0].may_fail};
}

TypedSql matches(const std::string& name, const Operands& operands) {
  const std::string pattern = re2_pattern(pattern_of(name, operands));
  return {.sql = "regexp_matches(" + operands[0].sql + ", " + quote_string(pattern) + ")",
          .type = boolean_type(),
          .may_fail = operands[0].may_fail};
}

TypedSql element(const std::string& name, const Operands& operands) {
  const DataType& map = operands[0].type;
  if (map.kind() != TypeKind::kMap || !(map.key() == operands[1].type)) {
    wrong_types(name, operands);
  }
  return {.sql = "map_extract_value(" + operands[0].sql + ", " + operands[1].sql + ")",
          .type = map.element(),
          .may_fail = any_may_fail(operands)};
}

// DuckDB may evaluate both sides; CASE keeps it from the right one when the left one decides.
std::string decided_by_left(const std::string& left, const std::string& decided,
                            const std::string& both) {
  return "(CASE WHEN " + left + " IS " + decided + " THEN " + decided + " ELSE " + both + " END)";
}

using Operator = std::function<TypedSql(const std::string&, Operands)>;

const std::map<std::string, Operator>& operators() {
  static const std::map<std::string, Operator> operators = {
      {"=", compare},      {"<>", compare},     {"<", compare},   {"<=", compare},
      {">", compare},      {">=", compare},     {"<=>", compare}, {"+", calculate},
      {"-", calculate},    {"*", calculate},    {"/", divide},    {"div", divide_whole},
      {"%", divide_whole}, {"||", concatenate}, {"not", negate},  {"negative", negative},
      {"isnull", is_null}, {"in", is_in},       {"like", like},   {"rlike", matches},
      {"[]", element}};
  return operators;
}

}  // namespace

TypedSql chained(const std::string& name, const Operands& operands) {
  const std::string decided = name == "and" ? "FALSE" : "TRUE";
  const std::string symbol = name == "and" ? "AND" : "OR";
  TypedSql result = as_boolean(name, operands.back());
  for (std::size_t i = operands.size() - 1; i-- > 0;) {
    const TypedSql left = as_boolean(name, operands[i]);
    const std::string both = infix(left.sql, symbol, result.sql);
    result.sql = result.may_fail ? decided_by_left(left.sql, decided, both) : both;
    result.may_fail = result.may_fail || left.may_fail;
    result.literal.reset();
  }
  return result;
}

bool is_operator(const std::string& name) { return operators().contains(name); }

TypedSql apply_operator(const std::string& name, Operands operands) {
  return operators().at(name)(name, std::move(operands));
}

TypedSql choose(Operands operands) {
  Operands values;
  for (std::size_t i = 1; i < operands.size(); i += 2) values.push_back(operands[i]);
  if (operands.size() % 2 == 1) values.push_back(operands.back());
  unify(values, Use::kResult, "a choice");
  std::string sql = "(CASE";
  for (std::size_t i = 0; i + 1 < operands.size(); i += 2) {
    sql += " WHEN " + as_boolean("CASE", operands[i]).sql + " THEN " + values[i / 2].sql;
  }
  if (operands.size() % 2 == 1) sql += " ELSE " + values.back().sql;
  return {.sql = sql + " END)", .type = values.front().type, .may_fail = any_may_fail(operands)};
}

}  // namespace duck::spark
