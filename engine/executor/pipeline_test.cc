#include "engine/executor/pipeline.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <functional>

#include "base/error.h"
#include "base/uuid.h"
#include "delta/transaction.h"
#include "duck/table_write.h"

namespace engine {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

// Runs that append the rows of one input to two tables, whose commits others get in the way of.
class PipelineTest : public testing::Test {
 protected:
  PipelineTest() {
    for (const char* table : {"rows", "a", "b"}) append(table, "SELECT 0::BIGINT AS id");
  }
  ~PipelineTest() override { fs::remove_all(folder_); }

  std::string path(const std::string& table) const { return (folder_ / table).string(); }

  void append(const std::string& table, const std::string& query) {
    duck::write_table(database_, connection_, query, {}, {.location = path(table)});
  }

  std::shared_ptr<const delta::Snapshot> table(const std::string& name) {
    return delta::Snapshot::load(delta::local_store(), database_.parquet_engine(), path(name));
  }

  // A commit that no append of others gets past.
  void change_metadata(const std::string& name) {
    const auto base = table(name);
    auto transaction = delta::Transaction::start(base);
    delta::Metadata metadata = base->metadata();
    metadata.description = "changed at version " + std::to_string(base->version());
    transaction.update_metadata(metadata);
    transaction.commit({});
  }

  Spec spec() const {
    Json views = Json::array();
    Json outputs = Json::array();
    for (const char* name : {"a", "b"}) {
      views.push_back(
          {{"name", name},
           {"view_kind", "test"},
           {"view_dependencies", Json::array()},
           {"transform", {{"kind", "Filter"}, {"source", "rows"}, {"predicate", "id >= 0"}}},
           {"output_schema", {{"columns", Json::object()}}}});
      outputs.push_back({{"table_name", name},
                         {"delta_location", path(name)},
                         {"source_view", name},
                         {"columns", Json::array()},
                         {"materialization_mode", "Append"}});
    }
    const Json spec = {
        {"version", 4},
        {"input_relations",
         Json::array({{{"logical_name", "rows"}, {"delta_location", path("rows")}}})},
        {"view_definitions", views},
        {"join_graph", {{"edges", Json::array()}, {"constraints", Json::array()}}},
        {"output_targets", outputs},
        {"rule_intents", Json::array()},
        {"rulepack_profile", "Default"}};
    return parse_spec(spec.dump());
  }

  // The run's error as "cause of output", or "" when it went well. `before_commits` is called when
  // all rows are written; a run that ends well is closed by who reads its result.
  std::string run(const std::function<void()>& before_commits) {
    const RunControl control = {.on_progress = [&](const RunProgress& progress) {
      if (progress.step == RunStep::kCommit && !progress.finished) before_commits();
    }};
    const Spec append_spec = spec();
    ExecutionContext context = prepare_execution_context(append_spec, "small", {}, control);
    try {
      run_pipeline(append_spec, context, control);
      context.journal.close();
      return "";
    } catch (const base::Error& error) {
      return error.details().at("cause") + " of " + error.details().at("output");
    }
  }

  bool has_journal() const {
    for (const auto& entry : fs::recursive_directory_iterator(folder_)) {
      if (entry.path().filename().string().starts_with("_codeanatomy_run_")) return true;
    }
    return false;
  }

  std::int64_t rows_of(const std::string& name) {
    const std::string query = "SELECT count(*) FROM delta_scan('" + path(name) +
                              "', version := " + std::to_string(table(name)->version()) + ")";
    return std::get<std::int64_t>(connection_.query(query).rows.at(0).at(0));
  }

  const fs::path folder_ = fs::temp_directory_path() / ("pipeline-" + base::random_uuid());
  duck::Database database_{{.threads = 2}};
  duck::Connection connection_{database_};
};

TEST_F(PipelineTest, ARunThatCommittedNothingLeavesNoJournal) {
  EXPECT_EQ(run([&] { change_metadata("a"); }), "DELTA_COMMIT_CONFLICT of a");
  EXPECT_FALSE(has_journal());
  EXPECT_EQ(run([] {}), "");
  EXPECT_EQ(rows_of("a"), 2);
  EXPECT_EQ(rows_of("b"), 2);
}

TEST_F(PipelineTest, ARunThatCommittedATableIsGoneOnWith) {
  EXPECT_EQ(run([&] { change_metadata("b"); }), "DELTA_COMMIT_CONFLICT of b");
  EXPECT_TRUE(has_journal());
  // This one finds a written, and commits nothing.
  EXPECT_EQ(run([&] { change_metadata("b"); }), "DELTA_COMMIT_CONFLICT of b");
  EXPECT_TRUE(has_journal());
  EXPECT_EQ(run([] {}), "");
  EXPECT_FALSE(has_journal());
  EXPECT_EQ(rows_of("a"), 2);
  EXPECT_EQ(rows_of("b"), 2);
}

TEST_F(PipelineTest, ACommitOfUnknownOutcomeIsGoneOnWith) {
  // A folder has the name of the next commit: it is taken, and by whom cannot be read.
  const fs::path taken = folder_ / "a" / "_delta_log" / "00000000000000000001.json";
  EXPECT_EQ(run([&] { fs::create_directory(taken); }), "DELTA_STORE_IS_A_DIRECTORY of a");
  EXPECT_TRUE(has_journal());
  fs::remove(taken);
  EXPECT_EQ(run([] {}), "");
  EXPECT_EQ(rows_of("a"), 2);
}

}  // namespace
}  // namespace engine
