#include "engine/compiler/compiler_test_support.h"

namespace engine {
namespace {

using nlohmann::json;
using Rows = std::vector<std::string>;

class LowerRows : public CompilerTest {
 protected:
  LowerRows() { input("t", "SELECT i AS x, 'n' || i AS \"order\", i % 2 AS k FROM range(4) r(i)"); }

  void filter(const std::string& predicate) {
    view("v", {{"kind", "Filter"}, {"source", "t"}, {"predicate", predicate}});
  }
  void derive(const json& columns) {
    view("v", {{"kind", "Derive"}, {"source", "t"}, {"columns", columns}});
  }
};

TEST_F(LowerRows, ProjectGivesTheNamedColumnsInThatOrder) {
  view("select", {{"kind", "Project"}, {"source", "t"}, {"columns", {"order", "x"}}});
  EXPECT_EQ(rows(), (Rows{"n0|0", "n1|1", "n2|2", "n3|3"}));
}

TEST_F(LowerRows, ProjectNamesAnUnknownColumn) {
  view("v", {{"kind", "Project"}, {"source", "t"}, {"columns", {"x", "nope"}}});
  expect_error("$.view_definitions[0].transform.columns[1]", R"("t" has no column "nope")");
  EXPECT_EQ(error().code(), "VIEW_LOWERING_FAILED");
  EXPECT_EQ(error().details().at("view"), "v");
}

TEST_F(LowerRows, ProjectTellsCaseApart) {
  view("v", {{"kind", "Project"}, {"source", "t"}, {"columns", {"X"}}});
  expect_error("$.view_definitions[0].transform.columns[0]", R"(spelled "x")");
}

TEST_F(LowerRows, ProjectRefusesNoColumnAndTheSameTwice) {
  view("v", {{"kind", "Project"}, {"source", "t"}, {"columns", {"x", "x"}}});
  expect_error("$.view_definitions[0].transform.columns[1]", "twice");
  spec()["view_definitions"][0]["transform"]["columns"] = json::array();
  expect_error("$.view_definitions[0].transform.columns", "no column");
}

TEST_F(LowerRows, FilterKeepsRowsForWhichThePredicateIsTrue) {
  filter("x > 1 OR CASE WHEN x = 0 THEN NULL END");
  EXPECT_EQ(rows(), (Rows{"2|n2|0", "3|n3|1"}));
}

TEST_F(LowerRows, FilterKeepsItsPredicateTogether) {
  filter("x = 0 OR x = 1");
  view("w", {{"kind", "Filter"}, {"source", "v"}, {"predicate", "k = 1 -- the odd ones"}});
  EXPECT_EQ(rows(), (Rows{"1|n1|1"}));
}

TEST_F(LowerRows, FilterNamesAnUnknownColumnAFunctionAndASyntaxError) {
  filter("nope > 1");
  expect_error("$.view_definitions[0].transform.predicate", "nope");
  spec()["view_definitions"][0]["transform"]["predicate"] = "no_such_function(x)";
  expect_error("$.view_definitions[0].transform.predicate", "no_such_function");
  spec()["view_definitions"][0]["transform"]["predicate"] = "x >";
  expect_error("$.view_definitions[0].transform.predicate", "syntax error");
}

TEST_F(LowerRows, FilterRefusesWhatIsNotABoolean) {
  filter("x + 1");
  expect_error("$.view_definitions[0].transform.predicate", "BIGINT, not BOOLEAN");
}

TEST_F(LowerRows, FilterRefusesWhatReadsOtherTablesOrRows) {
  filter("x IN (SELECT x FROM t)");
  expect_error("$.view_definitions[0].transform.predicate", "subquery");
  spec()["view_definitions"][0]["transform"]["predicate"] = "true) UNION SELECT * FROM t --";
  expect_error("$.view_definitions[0].transform.predicate", "syntax error");
  spec()["view_definitions"][0]["transform"]["predicate"] = "count(*) > 1";
  EXPECT_EQ(error().code(), "VIEW_LOWERING_FAILED");
}

TEST_F(LowerRows, DeriveAddsColumnsAndReplacesThemInPlace) {
  derive({{{"name", "double"}, {"expression", "x * 2"}},
          {{"name", "order"}, {"expression", "upper(\"order\")"}},
          {{"name", "x"}, {"expression", "x + 10"}}});
  EXPECT_EQ(column_names(), (Rows{"x", "order", "k", "double"}));
  EXPECT_EQ(rows().front(), "10|N0|0|0");
}

TEST_F(LowerRows, DeriveSeesTheSourcesColumnsOnly) {
  derive({{{"name", "a"}, {"expression", "x"}}, {{"name", "b"}, {"expression", "a"}}});
  expect_error("$.view_definitions[0].transform.columns[1].expression", "a");
}

TEST_F(LowerRows, DeriveRefusesAggregatesStarsAndNoColumns) {
  derive({{{"name", "x"}, {"expression", "sum(x)"}}});
  EXPECT_EQ(error().details().at("path"), "$.view_definitions[0].transform.columns[0].expression");
  spec()["view_definitions"][0]["transform"]["columns"][0]["expression"] = "*";
  expect_error("$.view_definitions[0].transform.columns[0].expression", "star");
  spec()["view_definitions"][0]["transform"]["columns"] = json::array();
  expect_error("$.view_definitions[0].transform.columns", "no column");
}

TEST_F(LowerRows, DeriveRefusesWhatIsNotComputedFromOneRow) {
  const std::string path = "$.view_definitions[0].transform.columns[0].expression";
  derive({{{"name", "n"}, {"expression", "x"}}});
  for (const auto& [expression, words] :
       {std::pair{"sum(x)", "\"sum(x)\" must be computed from one row alone; it has an aggregate"},
        std::pair{"count(*) + 1", "an aggregate"}, std::pair{"any_value(k)", "an aggregate"},
        std::pair{"row_number() OVER ()", "a window function"},
        std::pair{"sum(x) OVER (ORDER BY x)", "a window function"},
        std::pair{"unnest([x, k])", "unnest"}, std::pair{"1 + unnest(range(x))", "unnest"},
        std::pair{"generate_subscripts([x, k], 1)", "unnest"}}) {
    spec()["view_definitions"][0]["transform"]["columns"][0]["expression"] = expression;
    expect_error(path, words);
    EXPECT_EQ(error().code(), "VIEW_LOWERING_FAILED");
    EXPECT_EQ(error().details().at("view"), "v");
  }
}

TEST_F(LowerRows, FilterRefusesWhatIsNotComputedFromOneRow) {
  const std::string path = "$.view_definitions[0].transform.predicate";
  filter("true");
  for (const auto& [predicate, words] :
       {std::pair{"sum(x) > 1", "an aggregate"}, std::pair{"unnest([true])", "unnest"},
        std::pair{"row_number() OVER () = 1", "a window function"}}) {
    spec()["view_definitions"][0]["transform"]["predicate"] = predicate;
    expect_error(path, words);
  }
}

TEST_F(LowerRows, ConstantsThatFailForEveryRowAreFoundWhenCompiled) {
  filter("x = 'abc'");
  expect_error("$.view_definitions[0].transform.predicate", "'abc'");
  spec()["view_definitions"] = json::array();
  derive({{{"name", "n"}, {"expression", "CAST('abc' AS INTEGER) + x"}}});
  expect_error("$.view_definitions[0].transform.columns[0].expression", "'abc'");
  spec()["view_definitions"] = json::array();
  derive({{{"name", "n"}, {"expression", "CASE WHEN x < 0 THEN error('below zero') END"}}});
  EXPECT_EQ(rows().size(), 4U);
}

TEST_F(LowerRows, APredicateThatIsAlwaysNullKeepsNoRow) {
  filter("NULL");
  for (const char* predicate : {"NULL", "(NULL)", "CASE WHEN x > 1 THEN NULL END"}) {
    spec()["view_definitions"][0]["transform"]["predicate"] = predicate;
    EXPECT_EQ(rows(), Rows{}) << predicate;
  }
  for (const char* predicate : {"x", "1", "NULL + 1", "'true'"}) {
    spec()["view_definitions"][0]["transform"]["predicate"] = predicate;
    expect_error("$.view_definitions[0].transform.predicate", "not BOOLEAN");
  }
}

TEST_F(LowerRows, ExpressionsThatAreNestedTooDeepAreToldInOneLine) {
  filter("true");
  for (const auto& [part, times] : {std::pair{"NOT ", 1200}, std::pair{"NOT ", 20000}}) {
    std::string predicate;
    for (int i = 0; i < times; ++i) predicate += part;
    spec()["view_definitions"][0]["transform"]["predicate"] = predicate + "x > 0";
    expect_error("$.view_definitions[0].transform.predicate", "nested too deep");
    EXPECT_LT(error().message().size(), 200U);
  }
}

TEST_F(LowerRows, CastsThatDoNotExistAreFoundWhenCompiled) {
  const std::string path = "$.view_definitions[0].transform.columns[0].expression";
  derive({{{"name", "n"}, {"expression", "0"}}});
  const auto set = [&](const std::string& expression) {
    spec()["view_definitions"][0]["transform"]["columns"][0]["expression"] = expression;
  };
  for (const auto& [expression, words] :
       {std::pair{"CAST(x AS UUID)", "which cannot be cast to UUID"},
        std::pair{"[x]::UUID[]", "BIGINT[], which cannot be cast to UUID[]"},
        std::pair{"array_value(x)::UUID[1]", "UUID[1]"},
        std::pair{"struct_extract({'a': x}::STRUCT(a DATE), 'a')", "STRUCT(a DATE)"},
        std::pair{"year(x::DATE)", "which cannot be cast to DATE"}}) {
    set(expression);
    expect_error(path, words);
  }
  for (const char* expression :
       {"TRY_CAST(x AS UUID) IS NULL", "[NULL]::UUID[]", "NULL::UUID",
        "CASE WHEN x > 10 THEN x::UUID END", "{'a': x}::STRUCT(a BIGINT)", "x::VARCHAR::UUID[]"}) {
    set(expression);
    EXPECT_NO_THROW(compiled()) << expression;
  }
}

TEST_F(LowerRows, DeriveTakesListsAndConstants) {
  derive({{{"name", "n"}, {"expression", "len([x, k, 1])"}},
          {{"name", "order"}, {"expression", "NULL::INTEGER"}}});
  EXPECT_EQ(rows(), (Rows{"0|NULL|0|3", "1|NULL|1|3", "2|NULL|0|3", "3|NULL|1|3"}));
}

TEST_F(LowerRows, DeriveRefusesNamesThatDifferInCaseAlone) {
  derive({{{"name", "X"}, {"expression", "1"}}});
  expect_error("$.view_definitions[0].transform", "differ in case alone");
}

TEST_F(LowerRows, ViewsMayBeNamedAsKeywordsAndWithAnyCharacters) {
  view("select", {{"kind", "Filter"}, {"source", "t"}, {"predicate", "x = 3"}});
  view("from \"a'b\"", {{"kind", "Project"}, {"source", "select"}, {"columns", {"x"}}});
  EXPECT_EQ(rows(), (Rows{"3"}));
}

TEST_F(LowerRows, ViewsMayDifferFromEachOtherAndFromInputsInCaseAlone) {
  view("T", {{"kind", "Filter"}, {"source", "t"}, {"predicate", "x > 0"}});
  view("V", {{"kind", "Filter"}, {"source", "T"}, {"predicate", "x > 1"}});
  view("v", {{"kind", "Filter"}, {"source", "V"}, {"predicate", "x > 2"}});
  EXPECT_EQ(rows(), (Rows{"3|n3|1"}));
}

}  // namespace
}  // namespace engine
