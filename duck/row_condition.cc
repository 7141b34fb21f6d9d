#include "duck/row_condition.h"

#include <duckdb/parser/parser.hpp>
#include <duckdb/planner/binder.hpp>
#include <duckdb/planner/expression/bound_reference_expression.hpp>
#include <duckdb/planner/expression_binder/check_binder.hpp>

#include "duck/connection_internal.h"
#include "duck/delta_predicate_internal.h"
#include "duck/errors_internal.h"
#include "duck/types_internal.h"

namespace duck {

delta::Predicate row_predicate(Connection& connection, const delta::Schema& schema,
                               const std::string& condition) {
  duckdb::ClientContext& context = *connection.internal().connection.context;
  delta::Predicate predicate;
  outside_duckdb(Phase::kBind, [&] {
    duckdb::ColumnList columns;
    for (const delta::StructField& field : schema.fields) {
      columns.AddColumn(duckdb::ColumnDefinition(field.name, to_duckdb(field.type)));
    }
    context.RunFunctionInTransaction([&] {
      auto parsed = duckdb::Parser::ParseExpressionList(condition);
      const auto binder = duckdb::Binder::CreateBinder(context);
      duckdb::physical_index_set_t used;
      duckdb::CheckBinder row(*binder, context, "row", columns, used);
      row.target_type = duckdb::LogicalType::BOOLEAN;
      const auto bound = row.Bind(parsed.front());
      predicate = to_predicate(
          context, *bound, [&](const duckdb::Expression& part) -> std::optional<ColumnPath> {
            if (part.GetExpressionClass() != duckdb::ExpressionClass::BOUND_REF) {
              return std::nullopt;
            }
            const auto index = part.Cast<duckdb::BoundReferenceExpression>().index;
            return ColumnPath{schema.fields.at(index).name};
          });
    });
  });
  return predicate;
}

}  // namespace duck
