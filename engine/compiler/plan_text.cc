#include "engine/compiler/plan_text.h"

#include "engine/spec/enum_names.h"

namespace engine {
namespace {

std::string joined(const std::vector<std::string>& parts) {
  std::string text;
  for (const std::string& part : parts) text += (text.empty() ? "" : ", ") + part;
  return text;
}

std::string expressions_text(const std::vector<NamedExpression>& expressions) {
  std::vector<std::string> parts;
  for (const NamedExpression& entry : expressions) {
    const bool is_renamed =
        entry.expression.sql != entry.name && entry.expression.sql != '"' + entry.name + '"';
    parts.push_back(is_renamed ? entry.name + " = " + entry.expression.sql : entry.name);
  }
  return joined(parts);
}

std::string condition_text(const JoinNode& join) {
  std::vector<std::string> parts;
  for (const auto& [pair, type] : join.equalities) {
    parts.push_back("left." + pair.left_key + " = right." + pair.right_key);
  }
  if (join.containment) {
    const JoinKeyPair& start = join.containment->start.columns;
    const JoinKeyPair& end = join.containment->end.columns;
    parts.push_back("left." + start.left_key + " <= right." + start.right_key);
    parts.push_back("right." + end.right_key + " <= left." + end.left_key);
  }
  return joined(parts);
}

// The columns that are not called as in their source.
std::string renames_text(const JoinNode& join) {
  std::vector<std::string> parts;
  for (const JoinNode::OutputColumn& column : join.columns) {
    if (column.name == column.column) continue;
    const bool is_right = column.side == JoinNode::Side::kRight;
    parts.push_back(column.name + " = " + (is_right ? "right." : "left.") + column.column);
  }
  return parts.empty() ? "" : " giving " + joined(parts);
}

class PlanText {
 public:
  void add(const Plan& plan, std::size_t depth) {
    std::visit([&](const auto& node) { add_node(node, depth); }, plan.node);
  }
  std::string take() { return std::move(text_); }

 private:
  void line(std::size_t depth, const std::string& text) {
    text_ += std::string(2 * depth, ' ') + text + "\n";
  }

  void add_node(const ScanNode& node, std::size_t depth) { line(depth, "Scan " + node.relation); }
  void add_node(const ProjectNode& node, std::size_t depth) {
    line(depth, "Project " + expressions_text(node.columns));
    add(*node.input, depth + 1);
  }
  void add_node(const FilterNode& node, std::size_t depth) {
    line(depth, "Filter " + node.predicate.sql);
    add(*node.input, depth + 1);
  }
  void add_node(const JoinNode& node, std::size_t depth) {
    line(depth, "Join " + std::string(to_string(node.type)) + " on " + condition_text(node) +
                    renames_text(node));
    add(*node.left, depth + 1);
    add(*node.right, depth + 1);
  }
  void add_node(const UnionNode& node, std::size_t depth) {
    line(depth, node.distinct ? "Union distinct" : "Union");
    for (const PlanPtr& input : node.inputs) add(*input, depth + 1);
  }
  void add_node(const AggregateNode& node, std::size_t depth) {
    line(depth, "Aggregate " + expressions_text(node.aggregates) + " by " + joined(node.group_by));
    add(*node.input, depth + 1);
  }
  void add_node(const CollectNode& node, std::size_t depth) {
    std::vector<std::string> columns = {node.list + " = {" + expressions_text(node.fields) + "}"};
    for (const std::string& name : node.least) {
      columns.emplace_back(name).append(" = least ").append(name);
    }
    line(depth, "Collect " + joined(columns) + " by " + joined(node.keys) +
                    (node.sorts_input ? ", in order" : ""));
    add(*node.input, depth + 1);
  }
  void add_node(const SortNode& node, std::size_t depth) {
    line(depth, "Sort " + joined(node.columns));
    add(*node.input, depth + 1);
  }

  std::string text_;
};

}  // namespace

std::string plan_text(const Plan& plan) {
  PlanText text;
  text.add(plan, 0);
  return text.take();
}

}  // namespace engine
