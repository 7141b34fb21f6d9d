// Our own relational tree: what transforms are lowered to, rules rewrite, SQL is written from.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "engine/spec/spec.h"

namespace engine {

struct Plan;
// Plans are immutable and shared.
using PlanPtr = std::shared_ptr<const Plan>;

// An expression in SQL over the input's columns. Identifiers that the compiler writes are quoted; a
// spec author's expression is kept as it came.
struct Expression {
  std::string sql;
  // n of each `$n` in it: places in the run's parameters, from 1.
  std::vector<std::uint32_t> placeholders = {};
};

struct NamedExpression {
  std::string name;
  Expression expression;
};

// An input, another view, or a table that the compiler made (see table_facts.h).
struct ScanNode {
  std::string relation;
};

struct ProjectNode {
  PlanPtr input;
  std::vector<NamedExpression> columns;
};

struct FilterNode {
  PlanPtr input;
  Expression predicate;
};

struct JoinNode {
  // Two columns that are compared, and the SQL type that both are compared as.
  struct KeyPair {
    JoinKeyPair columns;
    std::string type;
  };
  // left start ≤ right start and right end ≤ left end.
  struct Containment {
    KeyPair start;
    KeyPair end;
  };
  // kBoth: an equality key of one name, taken from the side that has it.
  enum class Side { kLeft, kRight, kBoth };
  struct OutputColumn {
    Side side = Side::kLeft;
    std::string column;
    std::string name;
  };

  PlanPtr left;
  PlanPtr right;
  JoinType type = JoinType::kInner;
  std::vector<KeyPair> equalities;
  std::optional<Containment> containment;
  std::vector<OutputColumn> columns;
};

struct UnionNode {
  std::vector<PlanPtr> inputs;  // each with the same columns in the same order
  bool distinct = false;
};

struct AggregateNode {
  PlanPtr input;
  std::vector<std::string> group_by;
  std::vector<NamedExpression> aggregates;
};

// One row a key: the rows of the key as a list of structures, sorted.
struct CollectNode {
  PlanPtr input;
  std::vector<std::string> keys;
  std::vector<std::string> least;  // other columns, of which the smallest value is kept
  std::string list;
  std::vector<NamedExpression> fields;  // of the structures, which are ordered by them
  // The input is sorted, and the rows of a key are collected as they pass: they come sorted by the
  // keys. Otherwise they are gathered by the keys' hashes, and come in any order.
  bool sorts_input = false;
};

struct SortNode {
  PlanPtr input;
  std::vector<std::string> columns;
};

struct Plan {
  using Node = std::variant<ScanNode, ProjectNode, FilterNode, JoinNode, UnionNode, AggregateNode,
                            CollectNode, SortNode>;
  Node node;
};

inline PlanPtr make_plan(Plan::Node node) {
  return std::make_shared<const Plan>(Plan{std::move(node)});
}

}  // namespace engine
