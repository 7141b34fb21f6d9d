// Our own relational tree: what transforms are lowered to, rules rewrite, SQL is written from.
#pragma once

#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "engine/spec/spec.h"

namespace engine {

struct Plan;
// Plans are immutable and shared.
using PlanPtr = std::shared_ptr<const Plan>;

// An expression in SQL over the input's columns; `$n` are placeholders. Identifiers that the
// compiler writes are quoted; a spec author's expression is kept as it came.
struct Expression {
  std::string sql;
};

struct NamedExpression {
  std::string name;
  Expression expression;
};

// An input, or a shared view's temporary table.
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
  PlanPtr left;
  PlanPtr right;
  JoinType type = JoinType::kInner;
  std::vector<JoinKeyPair> equalities;
  // left.first ≤ right.first and right.second ≤ left.second, when present.
  struct Containment {
    JoinKeyPair start;
    JoinKeyPair end;
  };
  std::optional<Containment> containment;
  // The columns of the result: side 0 is left, 1 right, 2 both (an equality key of one name).
  struct OutputColumn {
    int side = 0;
    std::string column;
    std::string name;
  };
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

struct SortNode {
  PlanPtr input;
  std::vector<std::string> columns;
};

struct Plan {
  std::variant<ScanNode, ProjectNode, FilterNode, JoinNode, UnionNode, AggregateNode, SortNode>
      node;
};

}  // namespace engine
