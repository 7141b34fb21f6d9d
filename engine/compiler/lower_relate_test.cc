#include "engine/compiler/compiler_test_support.h"

namespace engine {
namespace {

using nlohmann::json;
using Rows = std::vector<std::string>;

using Pairs = std::vector<std::pair<std::string, std::string>>;

json relate(const std::string& type, const Pairs& pairs) {
  json keys = json::array();
  for (const auto& [left, right] : pairs)
    keys.push_back({{"left_key", left}, {"right_key", right}});
  return {
      {"kind", "Relate"}, {"left", "l"}, {"right", "r"}, {"join_type", type}, {"join_keys", keys}};
}

class LowerRelate : public CompilerTest {
 protected:
  LowerRelate() {
    input("l", "SELECT * FROM (VALUES (1, 'a'), (2, 'b'), (NULL, 'c')) t(k, v)");
    input("r", "SELECT * FROM (VALUES (1, 'x', 10), (3, 'y', 30), (NULL, 'z', 0)) t(k, v, w)");
  }

  Rows joined(const std::string& type) {
    spec()["view_definitions"] = json::array();
    view("v", relate(type, {{"k", "k"}}));
    return rows();
  }
};

TEST_F(LowerRelate, GivesOneColumnForAKeyOfOneNameAndRenamesOtherClashes) {
  view("v", relate("Inner", {{"k", "k"}}));
  EXPECT_EQ(column_names(), (Rows{"k", "v", "r__v", "w"}));
}

TEST_F(LowerRelate, MatchesNoNullKeyAndTakesTheKeyFromTheSideThatHasIt) {
  EXPECT_EQ(joined("Inner"), (Rows{"1|a|x|10"}));
  EXPECT_EQ(joined("Left"), (Rows{"1|a|x|10", "2|b|NULL|NULL", "NULL|c|NULL|NULL"}));
  EXPECT_EQ(joined("Right"), (Rows{"1|a|x|10", "3|NULL|y|30", "NULL|NULL|z|0"}));
  EXPECT_EQ(joined("Full"), (Rows{"1|a|x|10", "2|b|NULL|NULL", "3|NULL|y|30", "NULL|NULL|z|0",
                                  "NULL|c|NULL|NULL"}));
}

TEST_F(LowerRelate, SemiAndAntiKeepTheLeftColumnsOnly) {
  EXPECT_EQ(joined("Semi"), (Rows{"1|a"}));
  EXPECT_EQ(joined("Anti"), (Rows{"2|b", "NULL|c"}));
}

TEST_F(LowerRelate, KeepsBothKeysOfDifferentNames) {
  view("renamed",
       {{"kind", "Derive"}, {"source", "r"}, {"columns", {{{"name", "rk"}, {"expression", "k"}}}}});
  auto transform = relate("Inner", {{"k", "rk"}});
  transform["right"] = "renamed";
  view("v", transform);
  EXPECT_EQ(column_names(), (Rows{"k", "v", "renamed__k", "renamed__v", "w", "rk"}));
}

TEST_F(LowerRelate, JoinsARelationWithItself) {
  auto transform = relate("Inner", {{"k", "k"}});
  transform["right"] = "l";
  view("v", transform);
  EXPECT_EQ(column_names(), (Rows{"k", "v", "l__v"}));
  EXPECT_EQ(rows(), (Rows{"1|a|a", "2|b|b"}));
}

TEST_F(LowerRelate, RenamesAColumnThatDiffersInCaseAlone) {
  input("s", "SELECT 1 AS k, 2 AS V");
  auto transform = relate("Inner", {{"k", "k"}});
  transform["right"] = "s";
  view("v", transform);
  EXPECT_EQ(column_names(), (Rows{"k", "v", "s__V"}));
}

TEST_F(LowerRelate, NamesAClashThatRenamingDoesNotSolve) {
  input("s", "SELECT 1 AS k, 2 AS r__v, 3 AS v");
  auto transform = relate("Inner", {{"k", "k"}});
  transform["left"] = "s";
  view("v", transform);
  expect_error("$.view_definitions[0].transform.right", R"("r__v")");
}

TEST_F(LowerRelate, NamesUnknownKeysAndTypesThatCannotBeCompared) {
  view("v", relate("Inner", {{"k", "nope"}}));
  expect_error("$.view_definitions[0].transform.join_keys[0].right_key", R"("nope")");
  spec()["view_definitions"] = json::array();
  view("v", relate("Inner", {{"k", "k"}, {"k", "v"}}));
  expect_error("$.view_definitions[0].transform.join_keys[1]", "INTEGER");
  spec()["view_definitions"] = json::array();
  view("v", relate("Inner", {}));
  expect_error("$.view_definitions[0].transform.join_keys", "no key");
}

TEST_F(LowerRelate, ComparesKeysOfDifferentWidths) {
  input("s", "SELECT CAST(1 AS BIGINT) AS k");
  auto transform = relate("Full", {{"k", "k"}});
  transform["right"] = "s";
  view("v", transform);
  EXPECT_EQ(rows().front(), "1|a");
}

}  // namespace
}  // namespace engine
