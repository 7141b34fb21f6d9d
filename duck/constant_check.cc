#include "duck/constant_check.h"

#include <algorithm>
#include <duckdb/execution/expression_executor.hpp>
#include <duckdb/planner/expression_iterator.hpp>
#include <duckdb/planner/logical_operator_visitor.hpp>
#include <duckdb/planner/planner.hpp>

#include "duck/connection_internal.h"
#include "duck/errors_internal.h"
#include "duck/missing_cast_internal.h"
#include "duck/values_internal.h"

namespace duck {
namespace {

using duckdb::Expression;
using duckdb::ExpressionClass;
using duckdb::ExpressionType;

std::vector<Expression*> children_of(Expression& expression) {
  std::vector<Expression*> children;
  duckdb::ExpressionIterator::EnumerateChildren(
      expression, [&](Expression& child) { children.push_back(&child); });
  return children;
}

bool may_skip_children(Expression& expression) {
  const ExpressionType type = expression.GetExpressionType();
  if (expression.GetExpressionClass() == ExpressionClass::BOUND_CONJUNCTION) {
    // The constant part may decide alone.
    return std::ranges::any_of(children_of(expression),
                               [](const Expression* child) { return child->IsFoldable(); });
  }
  return type == ExpressionType::CASE_EXPR || type == ExpressionType::OPERATOR_COALESCE ||
         type == ExpressionType::OPERATOR_TRY;
}

class ConstantCheck : public duckdb::LogicalOperatorVisitor {
 public:
  explicit ConstantCheck(duckdb::ClientContext& context) : context_(context) {}

  void VisitExpression(duckdb::unique_ptr<Expression>* expression) override { check(**expression); }

 private:
  void check(Expression& expression) {
    if (may_skip_children(expression)) return;
    const std::vector<Expression*> children = children_of(expression);
    for (Expression* child : children) check(*child);
    check_cast(expression);
    if (children.empty() || !expression.IsFoldable()) return;
    duckdb::ExpressionExecutor::EvaluateScalar(context_, expression);
  }

  static void check_cast(const Expression& expression) {
    if (expression.GetExpressionClass() != ExpressionClass::BOUND_CAST) return;
    const auto& cast = expression.Cast<duckdb::BoundCastExpression>();
    if (!is_missing_cast(cast)) return;
    throw duckdb::BinderException("%s is %s, which cannot be cast to %s", cast.child->ToString(),
                                  cast.child->return_type.ToString(), cast.return_type.ToString());
  }

  duckdb::ClientContext& context_;
};

}  // namespace

void check_constants(Connection& connection, const std::string& sql,
                     const std::vector<delta::Value>& parameters) {
  auto statement = connection.internal().parse(sql);
  duckdb::ClientContext& context = *connection.internal().connection.context;
  outside_duckdb(Phase::kBind, [&] {
    context.RunFunctionInTransaction([&] {
      duckdb::Planner planner(context);
      for (std::size_t i = 0; i < parameters.size(); ++i) {
        planner.parameter_data[std::to_string(i + 1)] =
            duckdb::BoundParameterData(to_duckdb(parameters[i]));
      }
      planner.CreatePlan(std::move(statement));
      ConstantCheck(context).VisitOperator(*planner.plan);
    });
  });
}

}  // namespace duck
