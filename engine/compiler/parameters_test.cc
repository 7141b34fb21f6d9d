#include "engine/compiler/compiler_test_support.h"

namespace engine {
namespace {

using nlohmann::json;
using Rows = std::vector<std::string>;

class TypedParameters : public CompilerTest {
 protected:
  TypedParameters() {
    input("t",
          "SELECT i AS x, 'n' || i AS name, DATE '2024-02-28' + CAST(i AS INTEGER) AS day, "
          "TIMESTAMPTZ '2024-01-01 00:00:00+00' + to_hours(CAST(i AS INTEGER)) AS moment "
          "FROM range(4) r(i) UNION ALL SELECT NULL, NULL, NULL, NULL");
    input("u", "SELECT 1 AS x, 5 AS y");
    spec()["typed_parameters"] = json::array();
  }

  void filter(const std::string& predicate, const std::string& source = "t") {
    view("v", {{"kind", "Filter"}, {"source", source}, {"predicate", predicate}});
  }
  void parameter(const json& target, const std::string& type, const json& value) {
    spec()["typed_parameters"].push_back(
        {{"target", target}, {"value", {{"type", type}, {"value", value}}}});
  }
  static json at(int position) { return {{"kind", "PlaceholderPos"}, {"position", position}}; }
  static json equals(const std::string& column, const json& table = nullptr) {
    return {{"kind", "FilterEq"}, {"base_table", table}, {"filter_column", column}};
  }
};

TEST_F(TypedParameters, BindPlaceholdersByPosition) {
  filter("x >= $2 AND name <> $1");
  parameter(at(2), "Int64", 2);
  parameter(at(1), "Utf8", "n2");
  view("names", {{"kind", "Project"}, {"source", "v"}, {"columns", {"name"}}});
  EXPECT_EQ(rows(), (Rows{"n3"}));
  EXPECT_EQ(compiled().outputs[0].query.parameters.size(), 2U);
}

TEST_F(TypedParameters, BindOnlyWhatAQueryUses) {
  filter("x = $3");
  view("w", {{"kind", "Filter"}, {"source", "t"}, {"predicate", "$1 = name OR $3 = x"}});
  parameter(at(1), "Utf8", "n0");
  parameter(at(2), "Boolean", true);
  parameter(at(3), "Int64", 3);
  output("first", "v", {{"columns", {"x"}}});
  output("second", "w", {{"columns", {"x"}}});
  EXPECT_EQ(rows("first"), (Rows{"3"}));
  EXPECT_EQ(rows("second"), (Rows{"0", "3"}));
  EXPECT_EQ(compiled().outputs[0].query.parameters, (std::vector<delta::Value>{std::int64_t{3}}));
}

TEST_F(TypedParameters, NeverBecomeText) {
  filter("name = $1 OR name = '$1'");
  parameter(at(1), "Utf8", "' OR true --");
  EXPECT_TRUE(rows().empty());
}

TEST_F(TypedParameters, BindDatesTimestampsFloatsAndNulls) {
  filter("day = $1 AND moment <= $2 AND x < $3 AND $4 IS NULL");
  parameter(at(1), "Date", "2024-02-29");
  parameter(at(2), "Timestamp", "2024-01-01T01:00:00.5");
  parameter(at(3), "Float64", 1.5);
  parameter(at(4), "Null", {{"data_type", "Int32"}});
  EXPECT_EQ(rows().size(), 1U);
}

TEST_F(TypedParameters, RefuseGapsRepetitionsAndZero) {
  filter("true");
  parameter(at(2), "Int64", 1);
  expect_error("$.typed_parameters[0].target.position", "gap");
  parameter(at(2), "Int64", 1);
  expect_error("$.typed_parameters[1].target.position", "twice");
  spec()["typed_parameters"] = json::array();
  parameter(at(0), "Int64", 1);
  expect_error("$.typed_parameters[0].target.position", "position 0");
  EXPECT_EQ(error().code(), "INVALID_SPEC");
}

TEST_F(TypedParameters, NameAPlaceholderWithoutValue) {
  filter("x = $2");
  parameter(at(1), "Int64", 1);
  expect_error("$.view_definitions[0].transform.predicate", "$2 has no value");
}

TEST_F(TypedParameters, NameAValueOfAWrongForm) {
  filter("true");
  parameter(at(1), "Date", "2023-02-29");
  expect_error("$.typed_parameters[0].value.value", "not a date");
  spec()["typed_parameters"] = json::array();
  parameter(at(1), "Timestamp", "2024-01-01T00:00:00Z");
  expect_error("$.typed_parameters[0].value.value", "without zone");
  spec()["typed_parameters"] = json::array();
  parameter(at(1), "Null", {{"data_type", "Nope"}});
  expect_error("$.typed_parameters[0].value.value.data_type", R"("Nope")");
}

TEST_F(TypedParameters, FilterOneInputOrEveryInputWithTheColumn) {
  filter("true");
  parameter(equals("x", "t"), "Int64", 1);
  EXPECT_EQ(rows().size(), 1U);
  spec()["typed_parameters"][0]["target"]["base_table"] = nullptr;
  spec()["typed_parameters"][0]["value"]["value"] = 2;
  EXPECT_EQ(rows().size(), 1U);
  spec()["view_definitions"][0]["transform"]["source"] = "u";
  EXPECT_TRUE(rows().empty());
}

TEST_F(TypedParameters, FilterForNull) {
  filter("true");
  parameter(equals("name"), "Null", {{"data_type", "Utf8"}});
  EXPECT_EQ(rows(), (Rows{"NULL|NULL|NULL|NULL"}));
}

TEST_F(TypedParameters, FilterZonedColumnsInUtc) {
  filter("true");
  parameter(equals("moment"), "Timestamp", "2024-01-01T02:00:00");
  view("w", {{"kind", "Project"}, {"source", "v"}, {"columns", {"x"}}});
  EXPECT_EQ(rows(), (Rows{"2"}));
}

TEST_F(TypedParameters, NameAFilterThatMeetsNothing) {
  filter("true");
  parameter(equals("x", "nowhere"), "Int64", 1);
  expect_error("$.typed_parameters[0].target.base_table", R"("nowhere")");
  spec()["typed_parameters"] = json::array();
  parameter(equals("z", "t"), "Int64", 1);
  expect_error("$.typed_parameters[0].target.filter_column", R"("z")");
  spec()["typed_parameters"] = json::array();
  parameter(equals("z"), "Int64", 1);
  expect_error("$.typed_parameters[0].target.filter_column", "no input");
  spec()["typed_parameters"] = json::array();
  parameter(equals("x", "t"), "Utf8", "1");
  expect_error("$.typed_parameters[0].value", "BIGINT");
}

TEST_F(TypedParameters, WhoseValueCannotBeReadAsWhatItMeetsAreFoundWhenCompiled) {
  const std::string path = "$.view_definitions[0].transform.predicate";
  filter("true");
  parameter(at(1), "Utf8", "abc");
  for (const auto& [predicate, words] :
       {std::pair{"x = $1", "'abc'"}, std::pair{"day < $1", "an explicit cast is required"},
        std::pair{"x IN (7, $1)", "'abc'"},
        std::pair{"x BETWEEN 0 AND $1", "an explicit cast is required"},
        std::pair{"name = 'a' OR x > CAST($1 AS INTEGER) + 1", "'abc'"}}) {
    spec()["view_definitions"][0]["transform"]["predicate"] = predicate;
    expect_error(path, words);
    EXPECT_EQ(error().code(), "VIEW_LOWERING_FAILED") << predicate;
  }
}

TEST_F(TypedParameters, ThatTextCannotBeComparedWithAreFoundWhenCompiled) {
  const std::string path = "$.view_definitions[0].transform.predicate";
  filter("true");
  parameter(at(1), "Int64", 5);
  for (const char* predicate : {"name = $1", "x = 1 AND $1 < name || 'a'", "name IN ('a', $1)",
                                "$1 BETWEEN name AND 'b'"}) {
    spec()["view_definitions"][0]["transform"]["predicate"] = predicate;
    expect_error(path, "is text and cannot be compared with");
  }
}

TEST_F(TypedParameters, OfAnotherTypeAreTakenWhereTheyCanBeRead) {
  filter("day = $1 AND CAST(name[2:] AS BIGINT) = $2 AND CASE WHEN $3 THEN true ELSE $1 = 7 END");
  parameter(at(1), "Utf8", "2024-02-29");
  parameter(at(2), "Int64", 1);
  parameter(at(3), "Boolean", true);
  EXPECT_EQ(compiled().warnings.size(), 0U);
}

TEST_F(TypedParameters, ThatNothingUsesGiveAWarning) {
  filter("x = $2");
  parameter(at(1), "Int64", 1);
  parameter(at(2), "Int64", 2);
  parameter(equals("y"), "Int64", 5);
  spec()["typed_parameters"][2]["label"] = "years";
  const auto warnings = compiled().warnings;
  ASSERT_EQ(warnings.size(), 2U);
  EXPECT_EQ(warnings[0].context.at("path"), "$.typed_parameters[0]");
  EXPECT_EQ(warnings[1].context.at("label"), "years");
  EXPECT_EQ(rows(), (Rows{"2|n2|2024-03-01|2024-01-01 02:00:00+00"}));
}

}  // namespace
}  // namespace engine
