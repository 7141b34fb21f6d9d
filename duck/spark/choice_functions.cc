
#include "duck/spark/casts.h"
#include "duck/spark/common_type.h"
#include "duck/spark/functions.h"
#include "duck/spark/operators.h"

namespace duck::spark {
namespace {

std::string listed(const std::string& function, const Operands& operands) {
  std::string sql = function + "(";
  for (const TypedSql& operand : operands) {
    sql += (&operand == &operands.front() ? "" : ", ") + operand.sql;
  }
  return sql + ")";
}

TypedSql first_present(const std::string& name, Operands operands) {
  unify(operands, Use::kResult, name);
  return {.sql = listed("coalesce", operands),
          .type = operands[0].type,
          .may_fail = any_may_fail(operands)};
}

TypedSql if_else(const std::string&, Operands operands) { return choose(std::move(operands)); }

// nvl2(a, b, c): b where a is present, else c.
TypedSql if_present(const std::string&, Operands operands) {
  operands[0] = apply_operator("not", {apply_operator("isnull", {operands[0]})});
  return choose(std::move(operands));
}

TypedSql null_if(const std::string&, Operands operands) {
  const TypedSql null = cast({.sql = "NULL", .type = operands[0].type}, operands[0].type);
  const TypedSql value = operands[0];
  TypedSql equal = apply_operator("=", std::move(operands));
  return choose({std::move(equal), null, value});
}

// The null-free ones count, as in DuckDB.
TypedSql extreme(const std::string& name, Operands operands) {
  unify(operands, Use::kResult, name);
  if (operands[0].type.is_nested() || is_void(operands[0].type)) wrong_operands(name, operands);
  return {
      .sql = listed(name, operands), .type = operands[0].type, .may_fail = any_may_fail(operands)};
}

TypedSql is_missing(const std::string&, Operands operands) {
  return apply_operator("isnull", std::move(operands));
}

TypedSql is_present(const std::string&, Operands operands) {
  return apply_operator("not", {apply_operator("isnull", std::move(operands))});
}

TypedSql equal_or_both_null(const std::string&, Operands operands) {
  return apply_operator("<=>", std::move(operands));
}

// boolean(x), int(x), …: casts spelled as functions.
TypedSql cast_call(const std::string& name, Operands operands) {
  return cast(operands[0], named_type(name, {}));
}

}  // namespace

const Functions& choice_functions() {
  static const Functions functions = {
      {"coalesce", {1, kMany, first_present}},
      {"nvl", {2, 2, first_present}},
      {"ifnull", {2, 2, first_present}},
      {"nvl2", {3, 3, if_present}},
      {"nullif", {2, 2, null_if}},
      {"if", {3, 3, if_else}},
      {"greatest", {2, kMany, extreme}},
      {"least", {2, kMany, extreme}},
      {"isnull", {1, 1, is_missing}},
      {"isnotnull", {1, 1, is_present}},
      {"equal_null", {2, 2, equal_or_both_null}},
      {"boolean", {1, 1, cast_call}},
      {"tinyint", {1, 1, cast_call}},
      {"smallint", {1, 1, cast_call}},
      {"int", {1, 1, cast_call}},
      {"bigint", {1, 1, cast_call}},
      {"float", {1, 1, cast_call}},
      {"double", {1, 1, cast_call}},
      {"string", {1, 1, cast_call}},
  };
  return functions;
}

}  // namespace duck::spark
