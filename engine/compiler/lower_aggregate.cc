#include <algorithm>
#include <array>

#include "base/ascii.h"
#include "duck/sql_text.h"
#include "engine/compiler/lowering.h"
#include "engine/compiler/sql_types.h"
#include "engine/spec/json_document.h"

namespace engine {
namespace {

using duck::quote_identifier;

// DuckDB sums integers in 128 bits; readers of the output expect 64. A sum that needs more is an
// error when the query runs.
std::string sum(const duck::ResultColumn& column) {
  const auto sum = "sum(" + quote_identifier(column.name) + ")";
  return is_integer(column.duckdb_type) ? "CAST(" + sum + " AS BIGINT)" : sum;
}

std::string call(const Aggregate& aggregate, std::size_t index, Lowering& lowering) {
  const auto& [name, function, alias] = aggregate.aggregations[index];
  const auto field = indexed("aggregations", index);
  constexpr std::array<std::string_view, 5> kFunctions = {"count", "sum", "avg", "min", "max"};
  if (std::ranges::find(kFunctions, function) == kFunctions.end()) {
    lowering.fail(field + ".function",
                  in_quotes(function) + " is not one of count, sum, avg, min, max");
  }
  // Rows are counted by a star, unless a column has that name.
  if (function == "count" && name == "*" &&
      find_column(lowering.relation(aggregate.source).columns, name) == nullptr) {
    return "count(*)";
  }
  const auto& column = lowering.column(aggregate.source, name, field + ".column");
  if (function == "sum") return sum(column);
  return function + "(" + quote_identifier(name) + ")";
}

}  // namespace

PlanPtr lower(const Aggregate& aggregate, Lowering& lowering) {
  if (aggregate.group_by.empty() && aggregate.aggregations.empty()) {
    lowering.fail("aggregations", "there is nothing to group by and nothing to compute");
  }
  std::vector<std::string> taken;
  const auto take = [&](const std::string& name, const std::string& field) {
    for (const auto& other : taken) {
      if (base::equal_ignoring_case(other, name)) {
        lowering.fail(field, "the result already has a column " + in_quotes(other));
      }
    }
    taken.push_back(name);
  };

  const auto& source = lowering.relation(aggregate.source);
  for (std::size_t i = 0; i < aggregate.group_by.size(); ++i) {
    const auto field = indexed("group_by", i);
    lowering.column(aggregate.source, aggregate.group_by[i], field);
    take(aggregate.group_by[i], field);
  }
  AggregateNode node{source.plan, aggregate.group_by, {}};
  for (std::size_t i = 0; i < aggregate.aggregations.size(); ++i) {
    const auto field = indexed("aggregations", i);
    const NamedExpression column{.name = aggregate.aggregations[i].alias,
                                 .expression = {.sql = call(aggregate, i, lowering)}};
    take(column.name, field + ".alias");
    // Alone, so that a function that does not take the column's type is named with its place.
    lowering.columns_of(*make_plan(AggregateNode{source.plan, {}, {column}}), field);
    node.aggregates.push_back(column);
  }
  return make_plan(std::move(node));
}

}  // namespace engine
