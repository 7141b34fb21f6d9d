#include <algorithm>

#include "base/ascii.h"
#include "engine/compiler/lowering.h"
#include "engine/spec/enum_names.h"
#include "engine/spec/json_document.h"

namespace engine {
namespace {

// "bstart" itself, or a name that ends in "_bstart".
bool is_bound(const std::string& name, const std::string& bound) {
  return name == bound || name.ends_with("_" + bound);
}

std::optional<std::size_t> find_bound(const std::vector<JoinKeyPair>& pairs,
                                      const std::string& bound) {
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    if (is_bound(pairs[i].left_key, bound) && is_bound(pairs[i].right_key, bound)) return i;
  }
  return std::nullopt;
}

class RelateLowering {
 public:
  RelateLowering(const Relate& relate, Lowering& lowering)
      : relate_(relate),
        lowering_(lowering),
        left_(lowering.relation(relate.left)),
        right_(lowering.relation(relate.right)) {}

  PlanPtr run() {
    node_.left = left_.plan;
    node_.right = right_.plan;
    node_.type = relate_.join_type;
    add_keys();
    add_columns();
    return make_plan(std::move(node_));
  }

 private:
  void add_keys() {
    const auto& pairs = relate_.join_keys;
    if (pairs.empty()) lowering_.fail("join_keys", "there is no key to join by");
    auto start = find_bound(pairs, "bstart");
    auto end = find_bound(pairs, "bend");
    if (!start || !end) start = end = std::nullopt;
    for (std::size_t i = 0; i < pairs.size(); ++i) {
      if (i != start && i != end) node_.equalities.push_back(key_pair(i));
    }
    if (!start) return;
    if (relate_.join_type != JoinType::kInner && relate_.join_type != JoinType::kLeft) {
      lowering_.fail("join_type",
                     "spans are matched by containment in Inner and Left joins only, "
                     "not in " +
                         std::string(to_string(relate_.join_type)));
    }
    node_.containment = {.start = key_pair(*start), .end = key_pair(*end)};
  }

  JoinNode::KeyPair key_pair(std::size_t index) const {
    const auto& keys = relate_.join_keys[index];
    const auto field = indexed("join_keys", index);
    const auto& left = lowering_.column(relate_.left, keys.left_key, field + ".left_key");
    const auto& right = lowering_.column(relate_.right, keys.right_key, field + ".right_key");
    const auto type = lowering_.types().common({left.duckdb_type, right.duckdb_type});
    if (!type) {
      lowering_.fail(field, in_quotes(keys.left_key) + " of " + in_quotes(relate_.left) + " is " +
                                left.duckdb_type + " and " + in_quotes(keys.right_key) + " of " +
                                in_quotes(relate_.right) + " is " + right.duckdb_type +
                                ", which cannot be compared");
    }
    return {.columns = keys, .type = *type};
  }

  // An equality key of one name on both sides is one column.
  bool is_common(const std::string& name) const {
    return std::ranges::any_of(node_.equalities, [&](const JoinNode::KeyPair& pair) {
      return pair.columns.left_key == name && pair.columns.right_key == name;
    });
  }

  void add_columns() {
    for (const auto& column : left_.columns) {
      const auto side = is_common(column.name) ? JoinNode::Side::kBoth : JoinNode::Side::kLeft;
      node_.columns.push_back({side, column.name, column.name});
    }
    if (relate_.join_type == JoinType::kSemi || relate_.join_type == JoinType::kAnti) {
      for (auto& column : node_.columns) column.side = JoinNode::Side::kLeft;
      return;
    }
    std::vector<JoinNode::OutputColumn> added;
    for (const auto& column : right_.columns) {
      if (is_common(column.name)) continue;
      const bool is_taken = find_but_for_case(left_.columns, column.name) != nullptr;
      added.push_back({JoinNode::Side::kRight, column.name,
                       is_taken ? relate_.right + "__" + column.name : column.name});
    }
    for (auto& column : added) {
      check_free(column);
      node_.columns.push_back(std::move(column));
    }
  }

  void check_free(const JoinNode::OutputColumn& column) const {
    for (const auto& other : node_.columns) {
      if (!base::equal_ignoring_case(other.name, column.name)) continue;
      lowering_.fail("right", "the column " + in_quotes(column.column) + " of " +
                                  in_quotes(relate_.right) + " would be named " +
                                  in_quotes(column.name) + ", but there is another " +
                                  in_quotes(other.name) + "; rename one of them first");
    }
  }

  const Relate& relate_;
  Lowering& lowering_;
  const Relation& left_;
  const Relation& right_;
  JoinNode node_;
};

}  // namespace

PlanPtr lower(const Relate& relate, Lowering& lowering) {
  return RelateLowering(relate, lowering).run();
}

}  // namespace engine
