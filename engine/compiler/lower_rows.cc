// Transforms that take one source row by row: Project, Filter, Derive.
#include <algorithm>
#include <array>
#include <set>

#include "base/error.h"
#include "duck/sql_text.h"
#include "engine/compiler/lowering.h"
#include "engine/spec/json_document.h"

namespace engine {

namespace {

// What computes something else than a value from one row, by DuckDB's words where it may not stand.
constexpr std::array<std::pair<std::string_view, std::string_view>, 3> kBeyondOneRow = {
    {{"WHERE clause cannot contain aggregates", "an aggregate; the transform Aggregate has those"},
     {"WHERE clause cannot contain window functions", "a window function"},
     {"UNNEST not supported here", "unnest, which makes several rows of one"}}};

// Binds `expression` over the source. Conditions on rows take what gives each row one value, so it
// is put into one.
void check_row_value(const Expression& expression, const PlanPtr& source, const std::string& field,
                     const Lowering& lowering) {
  const FilterNode condition{source, {expression.sql + " IS NULL", expression.placeholders}};
  try {
    lowering.columns_of(*make_plan(condition), field);
  } catch (const base::Error& error) {
    for (const auto& [complaint, what] : kBeyondOneRow) {
      if (error.message().find(complaint) == std::string::npos) continue;
      lowering.fail(field, in_quotes(expression.sql) +
                               " must be computed from one row alone; it has " + std::string(what));
    }
    throw;
  }
}

}  // namespace

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
  lowering.check_comparisons(predicate, source.plan, "predicate");
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
    check_row_value(expression, source.plan, field + ".expression", lowering);
    lowering.check_comparisons(expression, source.plan, field + ".expression");

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
