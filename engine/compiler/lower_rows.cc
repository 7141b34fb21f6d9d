// Transforms that take one source row by row: Project, Filter, Derive.
#include <algorithm>
#include <set>

#include "duck/sql_text.h"
#include "engine/compiler/lowering.h"
#include "engine/spec/json_document.h"

namespace engine {

PlanPtr lower(const Project& project, Lowering& lowering) {
  if (project.columns.empty()) lowering.fail("columns", "there is no column to keep");
  std::vector<NamedExpression> columns;
  std::set<std::string> seen;
  for (std::size_t i = 0; i < project.columns.size(); ++i) {
    const auto& name = project.columns[i];
    const auto field = indexed("columns", i);
    lowering.column(project.source, name, field);
    if (!seen.insert(name).second) lowering.fail(field, in_quotes(name) + " is named twice");
    columns.push_back(kept(name));
  }
  return make_plan(ProjectNode{lowering.relation(project.source).plan, std::move(columns)});
}

PlanPtr lower(const Filter& filter, Lowering& lowering) {
  const auto predicate = lowering.expression(filter.predicate, "predicate");
  const auto& source = lowering.relation(filter.source);
  const auto plan = make_plan(FilterNode{source.plan, predicate});
  const auto value = make_plan(ProjectNode{
      source.plan,
      {{.name = "predicate", .expression = {"(" + predicate.sql + ")", predicate.placeholders}}}});
  const auto type = lowering.columns_of(*value, "predicate").front().duckdb_type;
  if (type != "BOOLEAN" && type != "\"NULL\"") {
    lowering.fail("predicate", in_quotes(filter.predicate) + " is " + type + ", not BOOLEAN");
  }
  return plan;
}

PlanPtr lower(const Derive& derive, Lowering& lowering) {
  if (derive.columns.empty()) lowering.fail("columns", "there is no column to compute");
  const auto& source = lowering.relation(derive.source);
  std::vector<NamedExpression> columns;
  for (const auto& column : source.columns) columns.push_back(kept(column.name));

  std::set<std::string> seen;
  for (std::size_t i = 0; i < derive.columns.size(); ++i) {
    const auto& [name, sql] = derive.columns[i];
    const auto field = indexed("columns", i);
    if (!seen.insert(name).second) {
      lowering.fail(field + ".name", in_quotes(name) + " is computed twice");
    }
    auto expression = lowering.expression(sql, field + ".expression");
    expression.sql = "(" + expression.sql + ")";
    // Beside a column of the source, an aggregate cannot pass for a value of the row.
    const auto beside = make_plan(
        ProjectNode{source.plan,
                    {kept(source.columns.front().name), {.name = name, .expression = expression}}});
    lowering.columns_of(*beside, field + ".expression");

    const auto replaced = std::ranges::find(columns, name, &NamedExpression::name);
    if (replaced != columns.end()) {
      replaced->expression = std::move(expression);
    } else {
      columns.push_back({.name = name, .expression = std::move(expression)});
    }
  }
  return make_plan(ProjectNode{source.plan, std::move(columns)});
}

}  // namespace engine
