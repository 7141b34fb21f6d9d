#include "engine/compiler/plan_text.h"

#include <gtest/gtest.h>

namespace engine {
namespace {

PlanPtr scan(const std::string& relation) {
  return std::make_shared<const Plan>(Plan{ScanNode{relation}});
}

TEST(PlanText, IndentsInputsBelowTheirReader) {
  const Plan plan{FilterNode{scan("calls"), {"callee = $1"}}};
  EXPECT_EQ(plan_text(plan), "Filter callee = $1\n  Scan calls\n");
}

TEST(PlanText, NamesOnlyColumnsThatAreComputed) {
  const Plan plan{ProjectNode{scan("calls"), {{"path", {"\"path\""}}, {"n", {"1 + 1"}}}}};
  EXPECT_EQ(plan_text(plan), "Project path, n = 1 + 1\n  Scan calls\n");
}

TEST(PlanText, TellsHowGroupsAreCollected) {
  CollectNode node{scan("edges"), {"node"}, {"kind"}, "list", {{"id", {"\"id\""}}, {"n", {"0"}}}};
  EXPECT_EQ(plan_text(Plan{node}),
            "Collect list = {id, n = 0}, kind = least kind by node\n  Scan edges\n");
  node.sorts_input = true;
  EXPECT_EQ(plan_text(Plan{node}),
            "Collect list = {id, n = 0}, kind = least kind by node, in order\n  Scan edges\n");
}

TEST(PlanText, WritesContainmentAsTwoComparisons) {
  JoinNode join;
  join.left = scan("scopes");
  join.right = scan("names");
  join.equalities = {{{"path", "path"}, "VARCHAR"}};
  join.containment =
      JoinNode::Containment{{{"bstart", "n_bstart"}, "BIGINT"}, {{"bend", "n_bend"}, "BIGINT"}};
  join.columns = {{JoinNode::Side::kLeft, "path", "path"},
                  {JoinNode::Side::kRight, "path", "names__path"}};
  EXPECT_EQ(
      plan_text(Plan{join}),
      "Join Inner on left.path = right.path, left.bstart <= right.n_bstart, "
      "right.n_bend <= left.bend giving names__path = right.path\n  Scan scopes\n  Scan names\n");
}

}  // namespace
}  // namespace engine
