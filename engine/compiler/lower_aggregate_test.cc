#include "engine/compiler/compiler_test_support.h"

namespace engine {
namespace {

using nlohmann::json;
using Rows = std::vector<std::string>;

class LowerAggregate : public CompilerTest {
 protected:
  LowerAggregate() {
    input("t", "SELECT * FROM (VALUES ('a', 1, 1.5), ('a', 3, NULL), (NULL, 5, 2.0)) t(k, n, f)");
  }

  void aggregate(const json& group_by, const std::vector<json>& aggregations) {
    view("v", {{"kind", "Aggregate"},
               {"source", "t"},
               {"group_by", group_by},
               {"aggregations", aggregations}});
  }
  static json call(const std::string& function, const std::string& column,
                   const std::string& alias) {
    return {{"function", function}, {"column", column}, {"alias", alias}};
  }
};

TEST_F(LowerAggregate, GroupsByKeysNullsTogether) {
  aggregate({"k"}, {call("count", "f", "c"), call("sum", "n", "s"), call("avg", "n", "a"),
                    call("min", "n", "least"), call("max", "n", "most")});
  EXPECT_EQ(column_names(), (Rows{"k", "c", "s", "a", "least", "most"}));
  EXPECT_EQ(rows(), (Rows{"NULL|1|5|5.0|5|5", "a|1|4|2.0|1|3"}));
}

TEST_F(LowerAggregate, GivesOneRowWithoutKeys) {
  aggregate(json::array(), {call("count", "*", "rows")});
  EXPECT_EQ(rows(), (Rows{"3"}));
}

TEST_F(LowerAggregate, SumsIntegersInto64BitsAndFailsRatherThanWrap) {
  input("big", "SELECT 9223372036854775807 AS n UNION ALL SELECT 1");
  aggregate(json::array(), {call("sum", "n", "s")});
  EXPECT_EQ(column_types(), (Rows{"BIGINT"}));
  spec()["view_definitions"][0]["transform"]["source"] = "big";
  EXPECT_THROW(rows(), base::Error);
}

TEST_F(LowerAggregate, NamesAnUnknownFunctionColumnOrType) {
  aggregate({"k"}, {call("median", "n", "m")});
  expect_error("$.view_definitions[0].transform.aggregations[0].function", R"("median")");
  spec()["view_definitions"] = json::array();
  aggregate({"k"}, {call("sum", "nope", "m")});
  expect_error("$.view_definitions[0].transform.aggregations[0].column", R"("nope")");
  spec()["view_definitions"] = json::array();
  aggregate(json::array(), {call("count", "k", "c"), call("sum", "k", "m")});
  expect_error("$.view_definitions[0].transform.aggregations[1]", "VARCHAR");
}

TEST_F(LowerAggregate, NamesAnAliasThatIsTakenAndNothingToDo) {
  aggregate({"k"}, {call("sum", "n", "K")});
  expect_error("$.view_definitions[0].transform.aggregations[0].alias", R"("k")");
  spec()["view_definitions"] = json::array();
  aggregate(json::array(), {});
  expect_error("$.view_definitions[0].transform.aggregations", "nothing");
}

}  // namespace
}  // namespace engine
