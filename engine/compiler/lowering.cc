#include "engine/compiler/lowering.h"

#include <algorithm>

#include "base/ascii.h"
#include "base/error.h"
#include "duck/constant_check.h"
#include "duck/sql_expression.h"
#include "duck/sql_text.h"
#include "engine/compiler/duckdb_dialect.h"
#include "engine/spec/json_document.h"

namespace engine {
namespace {

// Every relation that the plan scans, once.
void collect_scans(const Plan& plan, std::vector<std::string>& names) {
  const auto add = [&](const PlanPtr& input) { collect_scans(*input, names); };
  std::visit(
      [&](const auto& node) {
        if constexpr (requires { node.relation; }) {
          if (std::ranges::find(names, node.relation) == names.end()) {
            names.push_back(node.relation);
          }
        } else if constexpr (requires { node.inputs; }) {
          std::ranges::for_each(node.inputs, add);
        } else if constexpr (requires { node.left; }) {
          add(node.left);
          add(node.right);
        } else {
          add(node.input);
        }
      },
      plan.node);
}

// DuckDB says it in terms of its settings, and of its parser when it is deeper still.
bool is_too_deep(const base::Error& error) {
  return error.message().find("Max expression depth limit") != std::string::npos ||
         error.message().starts_with("memory exhausted at or near");
}

constexpr const char* kTooDeep = "the expression is nested too deep, beyond 1,000 levels";

}  // namespace

const duck::ResultColumn& Lowering::column(const std::string& source, const std::string& name,
                                           const std::string& field) const {
  const auto& columns = relation(source).columns;
  if (const auto* found = find_column(columns, name)) return *found;
  const auto* similar = find_but_for_case(columns, name);
  fail(field, in_quotes(source) + " has no column " + in_quotes(name) +
                  (similar != nullptr ? ", but one spelled " + in_quotes(similar->name)
                                      : "; it has " + list_of_names(columns)));
}

Expression Lowering::expression(const std::string& sql, const std::string& field) const {
  duck::SqlExpression parsed;
  try {
    parsed = duck::parse_expression(sql);
  } catch (const base::Error& error) {
    if (is_too_deep(error)) fail(field, kTooDeep);
    fail(field, error.message() + ", in " + in_quotes(sql));
  }
  for (const auto position : parsed.positions) {
    if (position <= parameters_.positions()) continue;
    fail(field, "the placeholder $" + std::to_string(position) +
                    " has no value; typed_parameters give positions up to " +
                    std::to_string(parameters_.positions()));
  }
  used_positions_.insert(parsed.positions.begin(), parsed.positions.end());
  return {.sql = std::move(parsed.sql), .placeholders = std::move(parsed.positions)};
}

void Lowering::check_comparisons(const Expression& expression, const PlanPtr& source,
                                 const std::string& field) const {
  if (expression.placeholders.empty()) return;
  for (const auto& sides : duck::comparisons_with_placeholders(expression.sql)) {
    Columns types;
    try {
      types = columns_of(
          *make_plan(ProjectNode{
              source,
              {{.name = "value", .expression = {sides.with_placeholder, expression.placeholders}},
               {.name = "other", .expression = {sides.without}}}}),
          field);
    } catch (const base::Error&) {
      continue;  // inside a lambda
    }
    const auto& value = types.at(0).duckdb_type;
    const auto& other = types.at(1).duckdb_type;
    if (other != "VARCHAR" || value == "VARCHAR" || value == "\"NULL\"") continue;
    fail(field, in_quotes(sides.without) + " is text and cannot be compared with " +
                    in_quotes(sides.with_placeholder) + ", which is " + value);
  }
}

Lowering::ShapeQuery Lowering::query_of(const Plan& plan) const {
  std::vector<std::string> scanned;
  collect_scans(plan, scanned);
  // Names of its own, since DuckDB takes those that differ in case alone for the same.
  SqlNames names;
  std::vector<NamedQuery> shapes;
  std::map<std::string, std::string> in_place;
  for (const auto& name : scanned) {
    if (scanned.size() > kMostNamedQueries) {
      in_place[name] = "(" + shape_query(relation(name).columns) + ")";
      continue;
    }
    const auto shape = "source " + std::to_string(shapes.size() + 1);
    names[name] = shape;
    shapes.push_back({shape, "(" + shape_query(relation(name).columns) + ")"});
  }
  QueryWriter writer(names, parameters_, std::move(in_place));
  const auto sql = writer.select(plan);
  return {.sql = with_queries(shapes, sql), .parameters = writer.values()};
}

Columns Lowering::columns_of(const Plan& plan, const std::string& field) const {
  const auto query = query_of(plan);
  try {
    return types_.columns_of(query.sql, query.parameters);
  } catch (const base::Error& error) {
    fail(field, is_too_deep(error) ? kTooDeep : error.message());
  }
}

void Lowering::check_constants(const Plan& plan, const std::string& field) const {
  const auto query = query_of(plan);
  try {
    duck::check_constants(connection_, query.sql, query.parameters);
  } catch (const base::Error& error) {
    fail(field, error.message());
  }
}

bool Lowering::has_other_relation(const std::string& name) const {
  return std::ranges::any_of(relations_, [&](const auto& entry) {
    return !entry.second.is_fact_table && base::equal_ignoring_case(entry.first, name);
  });
}

void Lowering::fail(const std::string& field, const std::string& message) const {
  fail_at(field.empty() ? path_ + ".transform" : path_ + ".transform." + field, message);
}

void Lowering::fail_at(const std::string& path, const std::string& message) const {
  throw base::Error(base::Stage::kCompilation, "VIEW_LOWERING_FAILED",
                    "view " + in_quotes(view_.name) + " (" + path + "): " + message,
                    {{"view", view_.name}, {"path", path}});
}

void Lowering::warn(const std::string& message, std::map<std::string, std::string> context) const {
  context["view"] = view_.name;
  warnings_.push_back({.code = WarningCode::kSemanticValidationWarning,
                       .stage = WarningStage::kCompilation,
                       .message = "view " + in_quotes(view_.name) + ": " + message,
                       .context = std::move(context)});
}

NamedExpression kept(const std::string& name) {
  return {.name = name, .expression = {.sql = duck::quote_identifier(name)}};
}

std::string indexed(const std::string& field, std::size_t index) {
  return field + "[" + std::to_string(index) + "]";
}

const delta::Snapshot& snapshot_of(const std::string& source, const std::string& what,
                                   const Lowering& lowering) {
  const auto& snapshot = lowering.relation(source).snapshot;
  if (snapshot == nullptr) {
    lowering.fail("source", in_quotes(source) + " is a view; " + what + " is of inputs only");
  }
  return *snapshot;
}

}  // namespace engine
