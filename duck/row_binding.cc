#include "duck/row_binding_internal.h"

#include <duckdb/parser/expression/columnref_expression.hpp>
#include <duckdb/parser/expression/constant_expression.hpp>
#include <duckdb/parser/expression/function_expression.hpp>
#include <duckdb/parser/parsed_expression_iterator.hpp>
#include <duckdb/parser/parser.hpp>
#include <duckdb/planner/binder.hpp>
#include <duckdb/planner/expression_binder/check_binder.hpp>
#include <regex>
#include <string>
#include <utility>

#include "duck/types_internal.h"

namespace duck {
namespace {

using Parsed = duckdb::unique_ptr<duckdb::ParsedExpression>;

// DuckDB's binder takes a.b for a column b of the table a, so that a field must be asked for.
void spell_out_fields(Parsed& expression, const delta::Schema& schema) {
  if (expression->GetExpressionClass() == duckdb::ExpressionClass::COLUMN_REF) {
    const auto names = expression->Cast<duckdb::ColumnRefExpression>().column_names;
    if (names.size() < 2 || schema.find(names.front()) == nullptr) return;
    expression = duckdb::make_uniq<duckdb::ColumnRefExpression>(names.front());
    for (std::size_t i = 1; i < names.size(); ++i) {
      duckdb::vector<Parsed> operands;
      operands.push_back(std::move(expression));
      operands.push_back(duckdb::make_uniq<duckdb::ConstantExpression>(duckdb::Value(names[i])));
      expression =
          duckdb::make_uniq<duckdb::FunctionExpression>("struct_extract", std::move(operands));
    }
    return;
  }
  duckdb::ParsedExpressionIterator::EnumerateChildren(
      *expression, [&](Parsed& child) { spell_out_fields(child, schema); });
}

// That binder is made for CHECK constraints, of which its messages speak; here there may be none.
std::string without_check_constraint(const std::string& message) {
  const std::string referenced = std::regex_replace(
      message, std::regex("Table does not contain column (.*) referenced in check constraint!"),
      "there is no column $1");
  return std::regex_replace(referenced, std::regex("check constraints"),
                            "an expression over one row");
}

}  // namespace

duckdb::unique_ptr<duckdb::Expression> bind_over_row(duckdb::ClientContext& context,
                                                     const std::string& sql,
                                                     const delta::Schema& schema,
                                                     const duckdb::LogicalType& type) {
  duckdb::ColumnList columns;
  for (const delta::StructField& field : schema.fields) {
    columns.AddColumn(duckdb::ColumnDefinition(field.name, to_duckdb(field.type)));
  }
  auto parsed = duckdb::Parser::ParseExpressionList(sql);
  spell_out_fields(parsed.front(), schema);
  const auto binder = duckdb::Binder::CreateBinder(context);
  duckdb::physical_index_set_t used;
  duckdb::CheckBinder row(*binder, context, "row", columns, used);
  row.target_type = type;
  try {
    return row.Bind(parsed.front());
  } catch (const duckdb::Exception& error) {
    const duckdb::ErrorData data(error);
    duckdb::ErrorData(data.Type(), without_check_constraint(data.RawMessage())).Throw();
  }
}

}  // namespace duck
