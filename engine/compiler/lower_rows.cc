// Transforms that take one source row by row: Project, Filter, Derive.
#include <algorithm>
#include <array>
#include <set>

#include "base/error.h"
#include "engine/compiler/lowering.h"
#include "engine/spec/json_document.h"

namespace engine {

namespace {

// What computes something else than a value from one row, by DuckDB's words where it may not stand.
constexpr std::array<std::pair<std::string_view, std::string_view>, 3> kBeyondOneRow = {
    {{"WHERE clause cannot contain aggregates", "an aggregate; the transform Aggregate has those"},
     {"WHERE clause cannot contain window functions", "a window function"},
     {"UNNEST not supported here", "unnest, which makes several rows of one"}}};

// Binds a condition that `sql` is in: conditions on rows take what gives each row one value.
void check_row_value(const PlanPtr& condition, const std::string& sql, const std::string& field,
                     const Lowering& lowering) {
  try {
    lowering.columns_of(*condition, field);
  } catch (const base::Error& error) {
    for (const auto& [complaint, what] : kBeyondOneRow) {
      if (error.message().find(complaint) == std::string::npos) continue;
      lowering.fail(field, in_quotes(sql) + " must be computed from one row alone; it has " +
                               std::string(what));
    }
    throw;
  }
  lowering.check_constants(*condition, field);
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
  check_row_value(plan, filter.predicate, "predicate", lowering);
  // DuckDB gives NULL the type INTEGER; beside a truth value it has that type, as no number has.
  const auto value = make_plan(ProjectNode{
      source.plan,
      {{.name = "predicate", .expression = {"(" + predicate.sql + ")", predicate.placeholders}},
       {.name = "null",
        .expression = {"least((" + predicate.sql + "), true)", predicate.placeholders}}}});
  const auto columns = lowering.columns_of(*value, "predicate");
  const auto& type = columns.front().duckdb_type;
  const bool is_null = type == "INTEGER" && columns.back().duckdb_type == "BOOLEAN";
  if (type != "BOOLEAN" && !is_null) {
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
    lowering.check_comparisons(expression, source.plan, field + ".expression");
    const FilterNode condition{source.plan, {expression.sql + " IS NULL", expression.placeholders}};
    check_row_value(make_plan(condition), sql, field + ".expression", lowering);

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
