#include "engine/compiler/compile.h"

#include "engine/compiler/compiler_test_support.h"

namespace engine {
namespace {

using nlohmann::json;
using Rows = std::vector<std::string>;

class Compile : public CompilerTest {
 protected:
  Compile() { input("t", "SELECT i AS x, i % 2 AS k, 'n' || i AS name FROM range(6) r(i)"); }

  void filter(const std::string& name, const std::string& source,
              const std::string& predicate = "x >= 0") {
    view(name, {{"kind", "Filter"}, {"source", source}, {"predicate", predicate}});
  }
  void join(const std::string& name, const std::string& left, const std::string& right) {
    view(name, {{"kind", "Relate"},
                {"left", left},
                {"right", right},
                {"join_type", "Semi"},
                {"join_keys", {{{"left_key", "x"}, {"right_key", "x"}}}}});
  }
  Rows shared() {
    Rows names;
    const auto spec = compiled();
    for (const auto& view : spec.shared_views) names.push_back(view.name);
    return names;
  }
};

TEST_F(Compile, ComputesAViewWithTwoConsumersOnce) {
  filter("base", "t");
  filter("a", "base", "k = 0");
  filter("b", "base", "k = 1");
  output("a_out", "a");
  output("b_out", "b");
  EXPECT_EQ(shared(), (Rows{"base"}));
  EXPECT_EQ(rows("a_out").size(), 3U);
  const auto spec = compiled();
  EXPECT_EQ(spec.outputs[0].shared_views, (Rows{"base"}));
  EXPECT_EQ(spec.outputs[0].query.sql.find("\"t\""), std::string::npos);
}

TEST_F(Compile, SharesViewsOfAQueryOfTooMany) {
  const auto chains = [&](int count) {
    spec()["view_definitions"] = json::array();
    spec()["output_targets"] = json::array();
    Rows ends;
    for (int chain = 0; chain < count; ++chain) {
      std::string last = "t";
      for (int i = 0; i < 90; ++i) {
        const auto name = "v" + std::to_string(chain) + "_" + std::to_string(i);
        filter(name, last, "x <> " + std::to_string(100 + i));
        last = name;
      }
      ends.push_back(last);
    }
    view("all", {{"kind", "Union"},
                 {"sources", ends},
                 {"discriminator_column", nullptr},
                 {"distinct", false}});
    output("out", "all");
  };
  chains(7);
  EXPECT_EQ(shared(), (Rows{}));
  EXPECT_EQ(rows().size(), 7U * 6U);
  chains(12);
  EXPECT_EQ(shared().size(), 5U);
  EXPECT_EQ(rows().size(), 12U * 6U);
}

TEST_F(Compile, UnitesMoreSourcesThanDuckDBTakesNamedQueries) {
  constexpr std::size_t kSources = 1100;
  Rows names;
  for (std::size_t i = 0; i < kSources; ++i) {
    names.push_back("v" + std::to_string(i));
    filter(names.back(), "t", "x = " + std::to_string(i));
  }
  view("all", {{"kind", "Union"},
               {"sources", names},
               {"discriminator_column", nullptr},
               {"distinct", false}});
  output("out", "all");
  EXPECT_EQ(rows().size(), 6U);
}

TEST_F(Compile, CountsOutputsAndSelfJoinsAsConsumersAndDeadViewsNot) {
  filter("base", "t");
  filter("dead", "base");
  output("out", "base");
  EXPECT_EQ(shared(), (Rows{}));
  output("again", "base");
  EXPECT_EQ(shared(), (Rows{"base"}));
  spec()["output_targets"] = json::array();
  join("twice", "base", "base");
  output("out", "twice");
  EXPECT_EQ(shared(), (Rows{"base"}));
  EXPECT_EQ(rows().size(), 6U);
}

TEST_F(Compile, ChecksDeadViewsButDoesNotRunThem) {
  filter("alive", "t");
  filter("dead", "t", "nope > 1");
  output("out", "alive");
  expect_error("$.view_definitions[1].transform.predicate", "nope");
}

TEST_F(Compile, WarnsOfMetadataThatTheCommitSetsItself) {
  filter("a", "t");
  output("out", "a",
         {{"write_metadata", {{"operation", "X"}, {"codeanatomy.spec_hash", "Y"}, {"team", "Z"}}}});
  const auto warnings = compiled().warnings;
  ASSERT_EQ(warnings.size(), 2U);
  EXPECT_EQ(warnings[0].context.at("key"), "codeanatomy.spec_hash");
  EXPECT_EQ(warnings[1].context.at("key"), "operation");
  EXPECT_NE(warnings[1].message.find("$.output_targets[0].write_metadata.operation"),
            std::string::npos)
      << warnings[1].message;
}

TEST_F(Compile, FollowsTheCachePolicy) {
  filter("base", "t");
  filter("a", "base");
  filter("b", "base");
  output("a_out", "a");
  output("b_out", "b");
  json policy = {{"min_fanout", 3},
                 {"min_estimated_rows", nullptr},
                 {"cache_memory_budget", nullptr},
                 {"use_historical_metrics", false},
                 {"overrides", json::array()}};
  spec()["cache_policy"] = policy;
  EXPECT_EQ(shared(), (Rows{}));
  EXPECT_EQ(rows("b_out").size(), 6U);
  policy["min_fanout"] = 2;
  policy["overrides"] = {{{"view_name", "base"}, {"action", "NeverCache"}},
                         {{"view_name", "a"}, {"action", "ForceCache"}}};
  spec()["cache_policy"] = policy;
  EXPECT_EQ(shared(), (Rows{"a"}));
  policy["overrides"][0]["view_name"] = "nowhere";
  spec()["cache_policy"] = policy;
  expect_error("$.cache_policy.overrides[0].view_name", R"("nowhere")");
}

TEST_F(Compile, BreaksChainsThatAreTooDeepForOneQuery) {
  filter("v0", "t");
  for (int i = 1; i < 500; ++i) filter("v" + std::to_string(i), "v" + std::to_string(i - 1));
  EXPECT_EQ(shared().size(), 4U);
  EXPECT_EQ(rows().size(), 6U);
}

TEST_F(Compile, DoesNotGrowExponentiallyThroughDiamonds) {
  spec()["cache_policy"] = {{"min_fanout", 1000},
                            {"min_estimated_rows", nullptr},
                            {"cache_memory_budget", nullptr},
                            {"use_historical_metrics", false},
                            {"overrides", json::array()}};
  filter("v0", "t");
  for (int i = 1; i < 40; ++i) {
    const auto source = "v" + std::to_string(i - 1);
    join("v" + std::to_string(i), source, source);
  }
  EXPECT_FALSE(shared().empty());
  EXPECT_EQ(rows().size(), 6U);
}

TEST_F(Compile, OrdersViewsByWhatTheyReadWhateverTheSpecsOrder) {
  filter("late", "early");
  filter("early", "t", "x > 3");
  output("out", "late");
  EXPECT_EQ(rows().size(), 2U);
  EXPECT_EQ(compiled().views.front().name, "early");
}

TEST_F(Compile, WritesTheColumnsOfAnOutputInItsOrder) {
  filter("v", "t", "x = 4");
  output("out", "v", {{"columns", {"name", "x"}}, {"partition_by", {"x"}}});
  EXPECT_EQ(rows(), (Rows{"n4|4"}));
  const auto spec = compiled();
  ASSERT_EQ(spec.outputs[0].schema.fields.size(), 2U);
  EXPECT_EQ(spec.outputs[0].schema.fields[0].name, "name");
}

TEST_F(Compile, NamesOutputAndPartitionColumnsThatAreNotThere) {
  filter("v", "t");
  output("out", "v", {{"columns", {"x", "nope"}}});
  expect_error("$.output_targets[0].columns[1]", R"("nope")");
  EXPECT_EQ(error().code(), "INVALID_SPEC");
  EXPECT_EQ(error().stage(), base::Stage::kValidation);
  spec()["output_targets"] = json::array();
  output("out", "v", {{"columns", {"x"}}, {"partition_by", {"name"}}});
  expect_error("$.output_targets[0].partition_by[0]", R"("name")");
  spec()["output_targets"] = json::array();
  output("out", "v", {{"columns", {"x"}}, {"partition_by", {"x"}}});
  expect_error("$.output_targets[0].partition_by", "all its columns");
  spec()["output_targets"] = json::array();
  output("out", "v", {{"columns", {"x", "x"}}});
  expect_error("$.output_targets[0].columns[1]", "twice");
}

TEST_F(Compile, NamesAColumnThatNoDeltaTypeHolds) {
  view("v", {{"kind", "Derive"},
             {"source", "t"},
             {"columns", {{{"name", "d"}, {"expression", "INTERVAL 1 DAY"}}}}});
  expect_error("$.output_targets[0]", R"("d" is INTERVAL)");
}

TEST_F(Compile, ChecksDeclaredColumns) {
  const json project = {{"kind", "Project"}, {"source", "t"}, {"columns", {"x", "name"}}};
  view("v", project, {{"x", "Int64"}, {"name", "Utf8"}});
  EXPECT_TRUE(compiled().warnings.empty());

  spec()["view_definitions"] = json::array();
  view("v", project, {{"x", "Int32"}});
  const auto warnings = compiled().warnings;
  ASSERT_EQ(warnings.size(), 1U);
  EXPECT_EQ(warnings[0].code, WarningCode::kSemanticValidationWarning);
  EXPECT_EQ(warnings[0].context,
            (std::map<std::string, std::string>{
                {"view", "v"}, {"column", "x"}, {"expected", "Int32"}, {"actual", "BIGINT"}}));

  spec()["view_definitions"] = json::array();
  view("v", project, {{"k", "Int64"}});
  expect_error("$.view_definitions[0].output_schema.columns.k", "missing");
  spec()["view_definitions"] = json::array();
  view("v", project, {{"x", "List(Int64)"}});
  expect_error("$.view_definitions[0].output_schema.columns.x", "cannot be cast");
  spec()["view_definitions"] = json::array();
  view("v", project, {{"x", "Integer"}});
  expect_error("$.view_definitions[0].output_schema.columns.x", "not an Arrow type");
}

TEST_F(Compile, SaysWhatReadsWhat) {
  filter("v", "t");
  output("out", "v");
  const auto spec = compiled();
  EXPECT_EQ(spec.dependency_map,
            (std::map<std::string, Rows>{{"t", {}}, {"v", {"t"}}, {"out", {"v"}}}));
  EXPECT_EQ(spec.schedule.execution_order, (Rows{"t", "v", "out"}));
}

}  // namespace
}  // namespace engine
