#include "duck/row_condition.h"

#include <duckdb/execution/expression_executor.hpp>
#include <duckdb/planner/expression/bound_cast_expression.hpp>
#include <duckdb/planner/expression/bound_constant_expression.hpp>
#include <duckdb/planner/expression/bound_reference_expression.hpp>
#include <duckdb/planner/expression_iterator.hpp>
#include <optional>
#include <utility>

#include "base/error.h"
#include "duck/connection_internal.h"
#include "duck/delta_predicate_internal.h"
#include "duck/errors_internal.h"
#include "duck/row_binding_internal.h"

namespace duck {
namespace {

// Whether it is NULL, of whatever type; DuckDB makes an INTEGER of one that stands alone.
bool is_null(const duckdb::Expression& bound) {
  switch (bound.GetExpressionClass()) {
    case duckdb::ExpressionClass::BOUND_CONSTANT:
      return bound.Cast<duckdb::BoundConstantExpression>().value.IsNull();
    case duckdb::ExpressionClass::BOUND_CAST:
      return is_null(*bound.Cast<duckdb::BoundCastExpression>().child);
    default:
      return false;
  }
}

// What binding leaves of `id = 2` is a cast of a literal; DuckDB's optimizer, which makes a
// constant of it, does not run here.
void fold_constants(duckdb::ClientContext& context,
                    duckdb::unique_ptr<duckdb::Expression>& expression) {
  duckdb::Value value;
  if (expression->GetExpressionClass() != duckdb::ExpressionClass::BOUND_CONSTANT &&
      expression->IsFoldable() &&
      duckdb::ExpressionExecutor::TryEvaluateScalar(context, *expression, value)) {
    expression = duckdb::make_uniq<duckdb::BoundConstantExpression>(std::move(value));
    return;
  }
  duckdb::ExpressionIterator::EnumerateChildren(
      *expression,
      [&](duckdb::unique_ptr<duckdb::Expression>& child) { fold_constants(context, child); });
}

// DuckDB would take any number but 0 for true, and delete all such rows.
void require_truth(const duckdb::LogicalType& type, const std::string& condition) {
  if (type == duckdb::LogicalType::BOOLEAN) return;
  throw base::Error(
      base::Stage::kCompilation, "SQL_INVALID",
      "a condition on rows must be true or false, not a " + type.ToString() + ": " + condition);
}

}  // namespace

delta::Predicate row_predicate(Connection& connection, const delta::Schema& schema,
                               const std::string& condition) {
  duckdb::ClientContext& context = *connection.internal().connection.context;
  delta::Predicate predicate;
  duckdb::LogicalType type;
  bool is_volatile = false;
  const auto name_column = [&](const duckdb::Expression& part) -> std::optional<ColumnPath> {
    if (part.GetExpressionClass() != duckdb::ExpressionClass::BOUND_REF) return std::nullopt;
    const auto index = part.Cast<duckdb::BoundReferenceExpression>().index;
    return ColumnPath{schema.fields.at(index).name};
  };
  outside_duckdb(Phase::kBind, [&] {
    context.RunFunctionInTransaction([&] {
      auto bound = bind_over_row(context, condition, schema, duckdb::LogicalType::INVALID);
      type = is_null(*bound) ? duckdb::LogicalType::BOOLEAN : bound->return_type;
      is_volatile = bound->IsVolatile();
      fold_constants(context, bound);
      predicate = to_predicate(context, *bound, name_column);
    });
  });
  require_truth(type, condition);
  if (is_volatile) {
    throw base::Error(base::Stage::kCompilation, "SQL_INVALID",
                      "a condition on rows must be true of the same ones each time: " + condition);
  }
  return predicate;
}

}  // namespace duck
