#include <memory>

#include "duck/hand_made_table.h"
#include "engine/compiler/compiler_test_support.h"

namespace engine {
namespace {

using nlohmann::json;
using Rows = std::vector<std::string>;

// An input whose first version inserts 1 and 2, the second 3; the third removes 1 and 2.
class LowerIncrementalCdf : public CompilerTest {
 protected:
  void table(const std::string& feed = "true") {
    table_ = std::make_unique<duck::HandMadeTable>(connection(), "incremental-cdf");
    const auto file = table_->file("SELECT * FROM (VALUES (1::BIGINT), (2)) AS t(i)");
    table_->commit({duck::HandMadeTable::protocol(),
                    table_->metadata(table_->schema_of("SELECT 1::BIGINT AS i"), {},
                                     {{"delta.enableChangeDataFeed", feed}}),
                    file});
    table_->commit({table_->file("SELECT 3::BIGINT AS i")});
    delta::RemoveFile removed;
    removed.path = file.path;
    removed.partition_values = delta::PartitionValues{};
    table_->commit({removed});
  }
  // The table, at its latest version or an earlier one.
  void source(std::optional<std::int64_t> version = std::nullopt) {
    input("t", "SELECT 1::BIGINT AS i",
          delta::Snapshot::load(delta::local_store(), database().parquet_engine(),
                                table_->location(), version));
  }
  // The changes between those versions or times, without the time.
  void changes(json range = json::object()) {
    range["kind"] = "IncrementalCdf";
    range["source"] = "t";
    view("v", range);
    view("w", {{"kind", "Project"},
               {"source", "v"},
               {"columns", {"i", "_change_type", "_commit_version"}}});
  }

  std::unique_ptr<duck::HandMadeTable> table_;
};

TEST_F(LowerIncrementalCdf, GivesEveryChangeByDefault) {
  table();
  source();
  changes();
  EXPECT_EQ(rows(), (Rows{"1|delete|2", "1|insert|0", "2|delete|2", "2|insert|0", "3|insert|1"}));
}

TEST_F(LowerIncrementalCdf, HasTheColumnsOfTheTableAndThoseOfAChange) {
  table();
  source();
  view("v", {{"kind", "IncrementalCdf"}, {"source", "t"}});
  EXPECT_EQ(column_names(), (Rows{"i", "_change_type", "_commit_version", "_commit_timestamp"}));
}

TEST_F(LowerIncrementalCdf, KeepsToTheVersionsAskedFor) {
  table();
  source();
  changes({{"starting_version", 1}, {"ending_version", 1}, {"starting_timestamp", nullptr}});
  EXPECT_EQ(rows(), (Rows{"3|insert|1"}));
}

TEST_F(LowerIncrementalCdf, EndsAtTheVersionThatTheRunReads) {
  table();
  source(1);
  changes();
  EXPECT_EQ(rows(), (Rows{"1|insert|0", "2|insert|0", "3|insert|1"}));
}

TEST_F(LowerIncrementalCdf, TakesTimestamps) {
  table();
  source();
  changes({{"starting_timestamp", "1970-01-01T00:00:00Z"}});
  EXPECT_EQ(rows().size(), 5U);
}

TEST_F(LowerIncrementalCdf, RefusesWhatIsNoTimestamp) {
  table();
  source();
  changes({{"starting_timestamp", "yesterday"}});
  expect_error("$.view_definitions[0].transform.starting_timestamp",
               R"("yesterday" is not a timestamp)");
}

TEST_F(LowerIncrementalCdf, RefusesTwoStarts) {
  table();
  source();
  changes({{"starting_timestamp", "1970-01-01T00:00:00Z"}, {"starting_version", 0}});
  expect_error("$.view_definitions[0].transform.starting_timestamp", "exclude each other");
}

TEST_F(LowerIncrementalCdf, IsOfInputsOnly) {
  table();
  source();
  view("other", {{"kind", "Project"}, {"source", "t"}, {"columns", {"i"}}});
  view("v", {{"kind", "IncrementalCdf"}, {"source", "other"}});
  expect_error("$.view_definitions[1].transform.source", R"("other" is a view)");
}

TEST_F(LowerIncrementalCdf, ATableWithoutAFeedIsNamedWithTheView) {
  table("false");
  source();
  changes();
  const auto fault = error();
  EXPECT_EQ(fault.code(), "DELTA_CHANGES_NOT_RECORDED");
  EXPECT_EQ(
      fault.message().find(R"(view "v" ($.view_definitions[0].transform): changes of table ')"), 0U)
      << fault.message();
}

TEST_F(LowerIncrementalCdf, ARangeThatIsWrongIsToldWithItsPlace) {
  table();
  source();
  changes();
  const std::vector<std::tuple<json, std::string, std::string>> wrong = {
      {{{"starting_version", 9}}, "DELTA_VERSION_NOT_FOUND", ".starting_version"},
      {{{"starting_version", -1}}, "DELTA_CHANGE_RANGE_INVALID", ".starting_version"},
      {{{"starting_version", 2}, {"ending_version", 1}},
       "DELTA_CHANGE_RANGE_INVALID",
       ".ending_version"},
      {{{"starting_timestamp", "2999-01-01T00:00:00Z"}},
       "DELTA_TIMESTAMP_NOT_FOUND",
       ".starting_timestamp"},
      {{{"ending_timestamp", "2999-01-01T00:00:00Z"}},
       "DELTA_TIMESTAMP_NOT_FOUND",
       ".ending_timestamp"}};
  for (const auto& [range, code, field] : wrong) {
    json transform = {{"kind", "IncrementalCdf"}, {"source", "t"}};
    transform.update(range);
    spec()["view_definitions"][0]["transform"] = transform;
    const auto fault = error();
    EXPECT_EQ(fault.code(), code) << range;
    EXPECT_EQ(fault.stage(), base::Stage::kValidation) << range;
    ASSERT_TRUE(fault.details().contains("path")) << range;
    EXPECT_EQ(fault.details().at("path"), "$.view_definitions[0].transform" + field) << range;
    EXPECT_NE(fault.message().find(field), std::string::npos) << fault.message();
  }
}

TEST_F(LowerIncrementalCdf, AnEndBeyondTheLatestVersionIsTheLatestAndSaidSo) {
  table();
  source();
  changes({{"starting_version", 2}, {"ending_version", 9}});
  EXPECT_EQ(rows(), (Rows{"1|delete|2", "2|delete|2"}));
  const auto warnings = compiled().warnings;
  ASSERT_EQ(warnings.size(), 1U);
  EXPECT_EQ(warnings[0].context.at("path"), "$.view_definitions[0].transform.ending_version");
  EXPECT_EQ(warnings[0].context.at("version"), "2");
}

}  // namespace
}  // namespace engine
