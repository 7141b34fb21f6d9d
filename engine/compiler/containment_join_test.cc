// Spans inside spans: against a comparison of all pairs, and by the operator that runs.
#include <random>

#include "engine/compiler/compiler_test_support.h"

namespace engine {
namespace {

using nlohmann::json;
using Rows = std::vector<std::string>;

json containment(const std::string& type, const json& equalities) {
  json keys = equalities;
  keys.push_back({{"left_key", "outer_bstart"}, {"right_key", "bstart"}});
  keys.push_back({{"left_key", "outer_bend"}, {"right_key", "bend"}});
  return {{"kind", "Relate"},
          {"left", "outer"},
          {"right", "inner"},
          {"join_type", type},
          {"join_keys", keys}};
}

const json kByPath = {{{"left_key", "path"}, {"right_key", "path"}}};

class ContainmentJoin : public CompilerTest {
 protected:
  // Small tables too are to go the way of large ones.
  ContainmentJoin() {
    connection().execute("SET merge_join_threshold = 0");
    connection().execute("SET nested_loop_join_threshold = 0");
  }

  void spans(const std::string& outer, const std::string& inner) {
    input("outer", "SELECT * FROM (VALUES " + outer + ") t(path, outer_bstart, outer_bend)");
    input("inner", "SELECT * FROM (VALUES " + inner + ") t(path, bstart, bend)");
  }

  // Random spans: nested, empty, inverted, touching, null, in few files so that many meet.
  void random_spans(unsigned seed, int count, int files) {
    std::mt19937 random(seed);
    const auto number = [&](int most) {
      return static_cast<int>(random() % static_cast<unsigned>(most));
    };
    const auto table = [&] {
      std::string rows;
      for (int i = 0; i < count; ++i) {
        const auto start = number(60);
        const auto length = number(12) - 2;
        const auto or_null = [&](std::string text) {
          return number(25) == 0 ? std::string("NULL") : text;
        };
        rows += (rows.empty() ? "(" : ", (") + or_null("'f" + std::to_string(number(files)) + "'") +
                ", " + or_null(std::to_string(start)) + ", " +
                or_null(std::to_string(start + length)) + ", " + std::to_string(i) + ")";
      }
      return rows;
    };
    input("outer", "SELECT * FROM (VALUES " + table() + ") t(path, outer_bstart, outer_bend, a)");
    input("inner", "SELECT * FROM (VALUES " + table() + ") t(path, bstart, bend, b)");
  }
};

TEST_F(ContainmentJoin, TakesEqualEmptyAndTouchingSpansForContained) {
  spans("('f', 10, 20)",
        "('f', 10, 20), ('f', 10, 10), ('f', 20, 20), ('f', 9, 15), "
        "('f', 15, 21), ('f', 20, 25), ('g', 12, 14), ('f', 12, 14)");
  view("v", containment("Inner", kByPath));
  EXPECT_EQ(column_names(), (Rows{"path", "outer_bstart", "outer_bend", "bstart", "bend"}));
  EXPECT_EQ(rows(), (Rows{"f|10|20|10|10", "f|10|20|10|20", "f|10|20|12|14", "f|10|20|20|20"}));
}

TEST_F(ContainmentJoin, LeftKeepsSpansThatHoldNothing) {
  spans("('f', 10, 20), ('g', 0, 5), (NULL, 0, 5), ('f', NULL, 30)", "('f', 12, 14)");
  view("v", containment("Left", kByPath));
  EXPECT_EQ(rows(), (Rows{"NULL|0|5|NULL|NULL", "f|10|20|12|14", "f|NULL|30|NULL|NULL",
                          "g|0|5|NULL|NULL"}));
}

TEST_F(ContainmentJoin, ReadsPlainBoundNamesAndKeepsBothSidesColumns) {
  input("outer", "SELECT 'f' AS path, 0 AS bstart, 9 AS bend");
  input("inner", "SELECT 'f' AS path, 1 AS bstart, 2 AS bend");
  auto transform = containment("Inner", kByPath);
  transform["join_keys"][1]["left_key"] = "bstart";
  transform["join_keys"][2]["left_key"] = "bend";
  view("v", transform);
  EXPECT_EQ(column_names(), (Rows{"path", "bstart", "bend", "inner__bstart", "inner__bend"}));
  EXPECT_EQ(rows(), (Rows{"f|0|9|1|2"}));
}

TEST_F(ContainmentJoin, NeedsBothBoundsElseAPairIsAnEquality) {
  spans("('f', 10, 20)", "('f', 10, 12), ('f', 11, 12)");
  auto transform = containment("Inner", kByPath);
  transform["join_keys"].erase(2);
  view("v", transform);
  EXPECT_EQ(rows(), (Rows{"f|10|20|10|12"}));
}

TEST_F(ContainmentJoin, IsForInnerAndLeftJoinsOnly) {
  spans("('f', 10, 20)", "('f', 12, 14)");
  for (const auto* type : {"Right", "Full", "Semi", "Anti"}) {
    spec()["view_definitions"] = json::array();
    view("v", containment(type, kByPath));
    expect_error("$.view_definitions[0].transform.join_type", "Inner and Left joins only");
  }
}

TEST_F(ContainmentJoin, EqualsAComparisonOfAllPairs) {
  const std::string condition = "o.outer_bstart <= i.bstart AND i.bend <= o.outer_bend";
  for (unsigned seed = 1; seed <= 4; ++seed) {
    for (const auto* type : {"Inner", "Left"}) {
      for (const bool by_path : {true, false}) {
        SCOPED_TRACE(std::string(type) + (by_path ? " by path " : " ") + std::to_string(seed));
        connection().execute("DROP TABLE IF EXISTS \"outer\"");
        connection().execute("DROP TABLE IF EXISTS \"inner\"");
        reset();
        random_spans(seed, 300, static_cast<int>(seed));
        view("v", containment(type, by_path ? kByPath : json::array()));
        view("pairs", {{"kind", "Project"}, {"source", "v"}, {"columns", {"a", "b"}}});
        EXPECT_EQ(rows(), query("SELECT o.a, i.b FROM \"outer\" o " + std::string(type) +
                                " JOIN \"inner\" i ON " + (by_path ? "o.path = i.path AND " : "") +
                                condition));
      }
    }
  }
}

TEST_F(ContainmentJoin, RunsAsAnIntervalJoin) {
  random_spans(1, 100, 3);
  for (const auto* type : {"Inner", "Left"}) {
    spec()["view_definitions"] = json::array();
    view("v", containment(type, kByPath));
    const auto spec = compiled();
    const auto plan = connection().query("EXPLAIN " + spec.outputs.front().query.sql).rows;
    const auto& text = std::get<std::string>(plan.front().back());
    EXPECT_NE(text.find("IE_JOIN"), std::string::npos) << text;
  }
}

// With the settings of a session, which switch off what would put the view into a CTE.
TEST_F(ContainmentJoin, RunsAsAnIntervalJoinOverARepeatedView) {
  connection().execute("SET disabled_optimizers = 'common_subplan'");
  input("inner", "SELECT 'f' AS path, i AS bstart, i + 3 AS bend FROM range(50) r(i)");
  view("outer",
       {{"kind", "Aggregate"},
        {"source", "inner"},
        {"group_by", {"path", "bend"}},
        {"aggregations",
         json::array({{{"column", "bstart"}, {"function", "min"}, {"alias", "bstart"}}})}});
  spec()["cache_policy"] = {{"min_fanout", 1000},
                            {"min_estimated_rows", nullptr},
                            {"cache_memory_budget", nullptr},
                            {"use_historical_metrics", false},
                            {"overrides", json::array()}};
  auto transform = containment("Inner", kByPath);
  transform["right"] = "outer";
  transform["join_keys"][1]["left_key"] = "bstart";
  transform["join_keys"][2]["left_key"] = "bend";
  view("v", transform);
  const auto spec = compiled();
  EXPECT_TRUE(spec.shared_views.empty());
  const auto plan = connection().query("EXPLAIN " + spec.outputs.front().query.sql).rows;
  EXPECT_NE(std::get<std::string>(plan.front().back()).find("IE_JOIN"), std::string::npos);
}

TEST_F(ContainmentJoin, ComparesBoundsAndKeysOfDifferentWidths) {
  input("outer",
        "SELECT CAST(7 AS SMALLINT) AS path, CAST(-5 AS INTEGER) AS outer_bstart, "
        "CAST(9000000000 AS BIGINT) AS outer_bend");
  input("inner",
        "SELECT CAST(7 AS BIGINT) AS path, CAST(-5 AS TINYINT) AS bstart, "
        "CAST(300 AS USMALLINT) AS bend");
  view("v", containment("Inner", kByPath));
  EXPECT_EQ(rows(), (Rows{"7|-5|9000000000|-5|300"}));
}

TEST_F(ContainmentJoin, KeepsKeysApartThatArePrefixesOfEachOther) {
  spans("('a', 0, 100), ('a' || chr(0), 0, 100), ('', 0, 100)",
        "('a', 1, 2), ('a' || chr(0), 3, 4), ('ab', 5, 6)");
  view("v", containment("Inner", kByPath));
  view("w", {{"kind", "Project"}, {"source", "v"}, {"columns", {"bstart"}}});
  EXPECT_EQ(rows(), (Rows{"1", "3"}));
}

}  // namespace
}  // namespace engine
