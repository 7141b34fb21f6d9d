// Plans as SQL in DuckDB's dialect. Nowhere else is a query's text made.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "delta/value.h"
#include "engine/compiler/columns.h"
#include "engine/compiler/parameters.h"
#include "engine/compiler/plan.h"

namespace engine {

// What relations of the spec are called in SQL; those that are not in it by their own name. DuckDB
// takes names that differ in case alone for the same.
using SqlNames = std::map<std::string, std::string>;

// Writes one query, part by part; its placeholders are numbered from 1 in the order in which they
// come, and only values that it uses are bound. Not thread-safe.
class QueryWriter {
 public:
  QueryWriter(const SqlNames& names, const Parameters& parameters)
      : names_(names), parameters_(parameters) {}
  // With queries, in parentheses, in place of some relations.
  QueryWriter(const SqlNames& names, const Parameters& parameters,
              std::map<std::string, std::string> in_place)
      : names_(names), parameters_(parameters), in_place_(std::move(in_place)) {}

  // A SELECT statement.
  std::string select(const Plan& plan);
  // The same in parentheses, indented.
  std::string nested(const Plan& plan);

  // Of the parts written so far, in the order of their placeholders.
  const std::vector<delta::Value>& values() const { return values_; }

  std::string relation(const std::string& name) const;

 private:
  struct From {
    std::string text;
    std::string where;
  };

  std::string write(const ScanNode& node);
  std::string write(const ProjectNode& node);
  std::string write(const FilterNode& node);
  std::string write(const JoinNode& node);
  std::string write(const UnionNode& node);
  std::string write(const AggregateNode& node);
  std::string write(const CollectNode& node);
  std::string write(const SortNode& node);

  template <class Write>
  std::string nested(Write write);
  // A line break, the indentation and `start`.
  std::string line(std::string_view start) const;

  std::string collect_sorted(const CollectNode& node);
  std::string columns(const std::vector<NamedExpression>& columns);
  From from(const Plan& plan);
  From from(const FilterNode& filter);
  std::string from_text(const Plan& plan);
  std::string clauses(const From& from) const;
  std::string expression(const Expression& expression);
  std::string placeholder(std::uint32_t place);
  std::string join_condition(const JoinNode& node) const;

  const SqlNames& names_;
  const Parameters& parameters_;
  const std::map<std::string, std::string> in_place_;
  std::vector<delta::Value> values_;
  std::map<std::uint32_t, std::size_t> numbers_;
  std::size_t depth_ = 0;
};

// `WITH "a" AS NOT MATERIALIZED (…), … body`. A materialized one would keep DuckDB from choosing
// an interval join anywhere in the query.
struct NamedQuery {
  std::string name;  // as in SQL, not quoted
  std::string sql;   // in parentheses
};
// DuckDB binds each inside of the one before it, and gives up after a thousand levels, those of the
// queries' own expressions counted.
inline constexpr std::size_t kMostNamedQueries = 700;
std::string with_queries(const std::vector<NamedQuery>& queries, const std::string& body);

// A query of one row of nulls with these names and types: it stands for a relation where only its
// columns matter.
std::string shape_query(const Columns& columns);

// `"a", "b"`
std::string identifier_list(const std::vector<std::string>& names);

}  // namespace engine
