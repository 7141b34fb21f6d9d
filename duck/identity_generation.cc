#include "duck/identity_generation_internal.h"

#include <duckdb/execution/expression_executor.hpp>
#include <duckdb/parser/expression/constant_expression.hpp>
#include <duckdb/parser/expression/function_expression.hpp>
#include <duckdb/parser/expression/star_expression.hpp>
#include <duckdb/parser/query_node/select_node.hpp>
#include <duckdb/parser/statement/select_statement.hpp>
#include <duckdb/parser/tableref/subqueryref.hpp>
#include <duckdb/planner/expression/bound_function_expression.hpp>

#include "delta/identity_columns.h"
#include "duck/copy_sink_internal.h"
#include "duck/errors_internal.h"

namespace duck {
namespace {

constexpr const char* kFunction = "codeanatomy_identity_value";

struct IdentityBind : duckdb::FunctionData {
  explicit IdentityBind(std::shared_ptr<delta::IdentityValues> column)
      : values(std::move(column)) {}

  duckdb::unique_ptr<FunctionData> Copy() const override {
    return duckdb::make_uniq<IdentityBind>(values);
  }
  bool Equals(const FunctionData& other) const override {
    return values == other.Cast<IdentityBind>().values;
  }

  const std::shared_ptr<delta::IdentityValues> values;
};

duckdb::unique_ptr<duckdb::FunctionData> bind(
    duckdb::ClientContext& context, duckdb::ScalarFunction& function,
    duckdb::vector<duckdb::unique_ptr<duckdb::Expression>>& arguments) {
  const auto job = context.registered_state->Get<CopyJob>(kCopyFormat);
  if (!job) throw duckdb::BinderException("the function %s is not for SQL", kFunction);
  const std::string column =
      duckdb::ExpressionExecutor::EvaluateScalar(context, *arguments[0]).ToString();
  duckdb::Function::EraseArgument(function, arguments, 0);
  return duckdb::make_uniq<IdentityBind>(job->options.rules.identities.at(column));
}

void generate(duckdb::DataChunk& arguments, duckdb::ExpressionState& state,
              duckdb::Vector& result) {
  const auto& bound = state.expr.Cast<duckdb::BoundFunctionExpression>();
  delta::IdentityValues& values = *bound.bind_info->Cast<IdentityBind>().values;
  inside_duckdb([&] {
    const duckdb::idx_t rows = arguments.size();
    // Unsigned: a product may be beyond a long where the sum is not.
    const auto first = static_cast<std::uint64_t>(values.take(static_cast<std::int64_t>(rows)));
    const auto step = static_cast<std::uint64_t>(values.step());
    result.SetVectorType(duckdb::VectorType::FLAT_VECTOR);
    auto* const generated = duckdb::FlatVector::GetData<std::int64_t>(result);
    for (duckdb::idx_t row = 0; row < rows; ++row) {
      generated[row] = static_cast<std::int64_t>(first + row * step);
    }
  });
}

}  // namespace

void add_identity_function(duckdb::ExtensionLoader& loader) {
  duckdb::ScalarFunction function(kFunction, {duckdb::LogicalType::VARCHAR},
                                  duckdb::LogicalType::BIGINT, generate, bind);
  function.stability = duckdb::FunctionStability::VOLATILE;
  loader.RegisterFunction(function);
}

duckdb::unique_ptr<duckdb::QueryNode> with_identity_columns(
    duckdb::unique_ptr<duckdb::QueryNode> query, const std::vector<std::string>& columns) {
  auto select = duckdb::make_uniq<duckdb::SelectNode>();
  select->select_list.push_back(duckdb::make_uniq<duckdb::StarExpression>());
  for (const std::string& column : columns) {
    duckdb::vector<duckdb::unique_ptr<duckdb::ParsedExpression>> arguments;
    arguments.push_back(duckdb::make_uniq<duckdb::ConstantExpression>(duckdb::Value(column)));
    auto value = duckdb::make_uniq<duckdb::FunctionExpression>(kFunction, std::move(arguments));
    value->SetAlias(column);
    select->select_list.push_back(std::move(value));
  }
  auto rows = duckdb::make_uniq<duckdb::SelectStatement>();
  rows->node = std::move(query);
  select->from_table = duckdb::make_uniq<duckdb::SubqueryRef>(std::move(rows));
  return select;
}

}  // namespace duck
