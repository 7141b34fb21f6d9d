#include "engine/executor/materialize.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "base/error.h"
#include "base/time.h"
#include "delta/store.h"
#include "delta/transaction.h"
#include "duck/table_write.h"

namespace engine {
namespace {

namespace fs = std::filesystem;
using delta::DataType;
using delta::TypeKind;

// Queries as the compiler would give them, on a database of their own.
class MaterializeTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "materialize-XXXXXX").string();
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    folder_ = name;
    context_.config = configure_session(environment_profile("small"), {}, {.threads = 2});
    context_.database = std::make_unique<duck::Database>(context_.config.database_config());
    context_.connection = std::make_unique<duck::Connection>(*context_.database);
    context_.started_at_us = base::now_us();
  }
  void TearDown() override {
    context_.connection.reset();
    context_.database.reset();
    fs::remove_all(folder_);
  }

  CompiledOutput& output(const std::string& name, const std::string& sql) {
    CompiledOutput output;
    output.target.table_name = name;
    output.query.sql = sql;
    for (const duck::ResultColumn& column : context_.connection->describe(sql)) {
      output.schema.fields.push_back({column.name, column.delta_type.value()});
    }
    compiled_.outputs.push_back(std::move(output));
    compiled_.schedule.execution_order.push_back(name);
    return compiled_.outputs.back();
  }

  Materialization run(const RunControl& control = {}) {
    std::map<std::string, std::string> locations;
    for (const CompiledOutput& output : compiled_.outputs) {
      locations[output.target.table_name] = (folder_ / output.target.table_name).string();
    }
    return materialize(compiled_, locations, lineage_, context_, control);
  }

  base::Error failure_of_run(const RunControl& control = {}) {
    try {
      run(control);
    } catch (const base::Error& error) {
      return error;
    }
    return {base::Stage::kRuntime, "NO_ERROR", ""};
  }

  void run_once(const std::string& name, const std::string& sql) {
    output(name, sql);
    run();
    compiled_ = {};
  }

  std::shared_ptr<const delta::Snapshot> table(const std::string& name) {
    return delta::Snapshot::load(delta::local_store(), context_.database->parquet_engine(),
                                 (folder_ / name).string());
  }

  std::int64_t sum(const std::string& name, const std::string& column) {
    const std::string sql = "SELECT sum(" + column + ")::BIGINT FROM delta_scan('" +
                            (folder_ / name).string() +
                            "', version := " + std::to_string(table(name)->version()) + ")";
    return std::get<std::int64_t>(context_.connection->query(sql).rows.at(0).at(0));
  }

  // Paths of all files and folders below the test's folder.
  std::vector<std::string> everything() const {
    std::vector<std::string> paths;
    for (const auto& entry : fs::recursive_directory_iterator(folder_)) {
      paths.push_back(entry.path().string());
    }
    return paths;
  }

  fs::path folder_;
  ExecutionContext context_;
  CompiledSpec compiled_;
  LineageContext lineage_;
};

TEST_F(MaterializeTest, CreatesATableWithTheRowsOfItsQuery) {
  output("numbers", "SELECT i, i::VARCHAR AS name FROM range(1000) AS r(i)");
  const Materialization done = run();
  ASSERT_EQ(done.outputs.size(), 1u);
  EXPECT_EQ(done.outputs[0].rows_written, 1000);
  EXPECT_EQ(done.outputs[0].delta_version, 0);
  EXPECT_EQ(done.outputs[0].delta_location, (folder_ / "numbers").string());
  EXPECT_GT(done.outputs[0].bytes_written, 0);
  EXPECT_EQ(done.outputs[0].files_added, std::ssize(table("numbers")->files()));
  EXPECT_EQ(sum("numbers", "i"), 499500);
  EXPECT_EQ(done.metrics.metrics().output_rows, 1000);
  EXPECT_FALSE(done.metrics.metrics().operator_metrics.empty());
}

TEST_F(MaterializeTest, OverwriteMakesTheTableWhatTheSpecSays) {
  run_once("t", "SELECT 1 AS a");
  output("t", "SELECT 7 AS b, 'x' AS p").target.partition_by = {"p"};
  EXPECT_EQ(run().outputs[0].delta_version, 1);
  const auto snapshot = table("t");
  ASSERT_EQ(snapshot->schema().fields.size(), 2u);
  EXPECT_EQ(snapshot->schema().fields[0].name, "b");
  EXPECT_EQ(snapshot->metadata().partition_columns, std::vector<std::string>{"p"});
  EXPECT_EQ(snapshot->files().size(), 1u);
  EXPECT_EQ(sum("t", "b"), 7);
}

TEST_F(MaterializeTest, AppendAddsRowsByColumnName) {
  run_once("t", "SELECT 1::BIGINT AS a, 10::BIGINT AS b");
  output("t", "SELECT 20::INTEGER AS b, 2::INTEGER AS a").target.materialization_mode =
      MaterializationMode::kAppend;
  EXPECT_EQ(run().outputs[0].rows_written, 1);
  EXPECT_EQ(sum("t", "a"), 3);
  EXPECT_EQ(sum("t", "b"), 30);
}

TEST_F(MaterializeTest, AppendWritesFieldsOfStructsByNameNeverByPosition) {
  const auto append = [&](const std::string& sql) {
    output("t", sql).target.materialization_mode = MaterializationMode::kAppend;
    run();
    compiled_ = {};
  };
  append("SELECT {'x': 1, 'y': 2} AS s, [{'x': 10, 'y': 20}] AS l");
  append("SELECT [{'Y': 200, 'X': 100}] AS l, {'y': 4, 'x': 3} AS S");
  append("SELECT {'y': 6} AS s, [{'x': 1000}] AS l");
  EXPECT_EQ(sum("t", "s.x"), 4);
  EXPECT_EQ(sum("t", "s.y"), 12);
  EXPECT_EQ(sum("t", "l[1].x"), 1110);
  EXPECT_EQ(sum("t", "l[1].y"), 220);
  output("t", "SELECT {'z': 6} AS s").target.materialization_mode = MaterializationMode::kAppend;
  EXPECT_EQ(failure_of_run().details().at("cause"), "OUTPUT_SCHEMA_MISMATCH");
}

TEST_F(MaterializeTest, ARunThatWasCutOffAndIsTriedAgainAppendsNothingTwice) {
  const auto append = [&](const std::string& name, const std::string& sql) {
    output(name, sql).target.materialization_mode = MaterializationMode::kAppend;
  };
  lineage_.run_id = "one";
  append("a", "SELECT 1::BIGINT AS n");
  run();
  // The run got no further: b is not there. Nothing is computed for a.
  compiled_ = {};
  append("a", "SELECT error('ran')::BIGINT AS n");
  append("b", "SELECT 2::BIGINT AS n");
  const Materialization again = run();
  EXPECT_EQ(again.outputs[0].rows_written, 0);
  EXPECT_EQ(again.outputs[0].files_added, 0);
  EXPECT_EQ(again.outputs[1].rows_written, 1);
  ASSERT_EQ(again.warnings.size(), 1U);
  EXPECT_EQ(again.warnings[0].code, WarningCode::kOutputAlreadyWritten);
  EXPECT_EQ(again.warnings[0].context.at("output"), "a");
  EXPECT_EQ(sum("a", "n"), 1);
  EXPECT_EQ(sum("b", "n"), 2);

  compiled_ = {};
  append("a", "SELECT 10::BIGINT AS n");
  lineage_.run_id = "two";
  EXPECT_TRUE(run().warnings.empty());
  EXPECT_EQ(sum("a", "n"), 11);
}

TEST_F(MaterializeTest, WhatWasOverwrittenSinceIsAppendedAgain) {
  lineage_.run_id = "one";
  const auto append = [&] {
    compiled_ = {};
    output("t", "SELECT 1::BIGINT AS n").target.materialization_mode = MaterializationMode::kAppend;
    return run().outputs[0].rows_written;
  };
  EXPECT_EQ(append(), 1);
  EXPECT_EQ(append(), 0);
  compiled_ = {};
  run_once("t", "SELECT 5::BIGINT AS n");
  EXPECT_EQ(append(), 1);
  EXPECT_EQ(sum("t", "n"), 6);
  EXPECT_EQ(append(), 0);
  EXPECT_EQ(sum("t", "n"), 6);
}

TEST_F(MaterializeTest, RefusesRowsThatDoNotFitBeforeAnythingRuns) {
  run_once("t", "SELECT 1::INTEGER AS a");
  output("t", "SELECT error('ran')::BIGINT AS a").target.materialization_mode =
      MaterializationMode::kAppend;
  const base::Error error = failure_of_run();
  EXPECT_EQ(error.code(), "INVALID_SPEC");
  EXPECT_EQ(error.stage(), base::Stage::kValidation);
  EXPECT_EQ(error.details().at("cause"), "OUTPUT_SCHEMA_MISMATCH");
  EXPECT_EQ(error.details().at("output"), "t");
  EXPECT_EQ(error.details().at("path"), "$.output_targets[0]");
  EXPECT_EQ(error.details().at("location"), (folder_ / "t").string());
}

TEST_F(MaterializeTest, ComputesASharedViewOnceAndDropsIt) {
  compiled_.shared_views = {{"view", "shared_view", {"SELECT uuid() AS id", {}}}};
  context_.connection->execute("CREATE TEMP TABLE shared_view (id UUID)");
  for (const char* name : {"a", "b"}) {
    CompiledOutput& reader = output(name, "SELECT id::VARCHAR AS id FROM shared_view");
    reader.shared_views = {"view"};
    compiled_.dependency_map[name] = {"view"};
  }
  context_.connection->execute("DROP TABLE shared_view");
  run();
  const auto rows = context_.connection->query("FROM delta_scan('" + (folder_ / "a").string() +
                                               "') INTERSECT FROM delta_scan('" +
                                               (folder_ / "b").string() + "')");
  EXPECT_EQ(rows.rows.size(), 1u);
  EXPECT_TRUE(context_.connection->query("FROM duckdb_tables()").rows.empty());
}

TEST_F(MaterializeTest, LeavesEveryTableAsItWasWhenALaterOutputFails) {
  run_once("first", "SELECT 1 AS a");
  const std::vector<std::string> before = everything();
  output("first", "SELECT 2 AS a");
  output("new", "SELECT 3 AS a");
  output("bad",
         "SELECT CASE WHEN i > 5000 THEN error('row ' || i) ELSE i END AS a "
         "FROM range(10000) AS r(i)");
  const base::Error error = failure_of_run();
  EXPECT_EQ(error.code(), "OUTPUT_MATERIALIZATION_FAILED");
  EXPECT_EQ(error.stage(), base::Stage::kMaterialization);
  EXPECT_EQ(error.details().at("output"), "bad");
  EXPECT_NE(error.message().find("row 5001"), std::string::npos) << error.message();
  EXPECT_EQ(everything(), before);
}

TEST_F(MaterializeTest, NamesTheViewAndTheOutputWhenASharedViewFails) {
  compiled_.shared_views = {{"view", "shared_view", {"SELECT error('no') AS id", {}}}};
  output("out", "SELECT 1 AS a").shared_views = {"view"};
  const base::Error error = failure_of_run();
  EXPECT_EQ(error.details().at("output"), "out");
  EXPECT_EQ(error.details().at("view"), "view");
  EXPECT_TRUE(everything().empty());
}

TEST_F(MaterializeTest, RefusesAFileInTheTablesPlace) {
  std::ofstream(folder_ / "t") << "not a table";
  output("t", "SELECT 1 AS a");
  EXPECT_EQ(failure_of_run().details().at("cause"), "OUTPUT_LOCATION_INVALID");
  EXPECT_TRUE(fs::is_regular_file(folder_ / "t"));
}

TEST_F(MaterializeTest, LooksAtEveryPlaceBeforeItComputesAnything) {
  std::ofstream(folder_ / "z") << "not a table";
  output("a", "SELECT error('was computed') AS a");
  output("z", "SELECT 1 AS a");
  const base::Error error = failure_of_run();
  EXPECT_EQ(error.details().at("output"), "z");
  EXPECT_EQ(error.details().at("cause"), "OUTPUT_LOCATION_INVALID");
  EXPECT_FALSE(fs::exists(folder_ / "a"));
}

TEST_F(MaterializeTest, ReadsATableThatItOverwritesAtItsOldVersion) {
  run_once("t", "SELECT i FROM range(10) AS r(i)");
  output("t",
         "SELECT i + 100 AS i FROM delta_scan('" + (folder_ / "t").string() + "', version := 0)");
  EXPECT_EQ(run().outputs[0].delta_version, 1);
  EXPECT_EQ(sum("t", "i"), 1045);
}

TEST_F(MaterializeTest, CommitsATableWithoutRows) {
  output("t", "SELECT i FROM range(0) AS r(i)");
  const Materialization done = run();
  EXPECT_EQ(done.outputs[0].delta_version, 0);
  EXPECT_EQ(done.outputs[0].rows_written, 0);
  EXPECT_EQ(table("t")->schema().fields.size(), 1u);
}

TEST_F(MaterializeTest, WritesTheRunsLineageIntoEachCommit) {
  output("t", "SELECT 1 AS a").target.write_metadata = {{"owner", "me"}};
  run();
  std::ifstream file(folder_ / "t" / "_delta_log" / "00000000000000000000.json");
  std::string line;
  std::getline(file, line);
  const auto info = nlohmann::json::parse(line).at("commitInfo");
  EXPECT_EQ(info.at("operation"), "CREATE TABLE AS SELECT");
  EXPECT_EQ(info.at("owner"), "me");
  EXPECT_EQ(info.at("codeanatomy.spec_hash").get<std::string>().size(), 64u);
}

TEST_F(MaterializeTest, StopsARunningQueryAndLeavesNothing) {
  std::stop_source source;
  output("done", "SELECT 1 AS a");
  output("endless", "SELECT count(*) AS n FROM range(1000000000000)");
  const RunControl control = {.on_progress =
                                  [&](const RunProgress& progress) {
                                    if (progress.name == "endless") source.request_stop();
                                  },
                              .stop = source.get_token()};
  const base::Error error = failure_of_run(control);
  EXPECT_EQ(error.code(), "INTERRUPTED");
  EXPECT_EQ(error.stage(), base::Stage::kRuntime);
  EXPECT_TRUE(everything().empty());
}

TEST_F(MaterializeTest, TellsItsStepsInOrder) {
  output("b", "SELECT 1 AS a");
  output("a", "SELECT 1 AS a UNION ALL SELECT 2");
  std::vector<std::string> told;
  run({.on_progress = [&](const RunProgress& progress) {
    if (progress.step == RunStep::kOutput && progress.finished) {
      told.push_back(progress.name + " " + std::to_string(progress.index) + "/" +
                     std::to_string(progress.count) + " " + std::to_string(progress.rows));
    }
  }});
  EXPECT_EQ(told, (std::vector<std::string>{"b 1/2 1", "a 2/2 2"}));
}

TEST_F(MaterializeTest, WhatShouldFollowACommitAndFailsIsAWarning) {
  run_once("t", "SELECT 1::BIGINT AS i");
  for (int version = 1; version < 9; ++version) run_once("t", "SELECT 1::BIGINT AS i");
  // The checkpoint of version 9 is not due, that of version 10 is.
  fs::create_directory(folder_ / "t/_delta_log/_last_checkpoint");
  output("t", "SELECT 1::BIGINT AS i");
  EXPECT_EQ(run().warnings.size(), 0U);
  const Materialization done = run();
  EXPECT_EQ(done.outputs[0].delta_version, 10);
  ASSERT_EQ(done.warnings.size(), 1U);
  EXPECT_EQ(done.warnings[0].code, WarningCode::kMaintenanceFailed);
  EXPECT_TRUE(
      done.warnings[0].message.starts_with("output 't' is written; no hint at the checkpoint: "))
      << done.warnings[0].message;
  EXPECT_EQ(done.warnings[0].context.at("output"), "t");
}

// Views that outputs share are computed once, and gone when the tables are committed: the query is
// not run again, as `codeanatomy delta write` does.
TEST_F(MaterializeTest, ValuesOfIdentityColumnsThatAnotherWriterTookAreAConflict) {
  delta::NewTable definition;
  definition.schema.fields = {{.name = "id",
                               .type = DataType::primitive(TypeKind::kLong),
                               .metadata = {{"delta.identity.start", 1},
                                            {"delta.identity.step", 1},
                                            {"delta.identity.allowExplicitInsert", false}}},
                              {.name = "v", .type = DataType::primitive(TypeKind::kLong)}};
  const std::string location = (folder_ / "t").string();
  delta::Transaction::create(delta::local_store(), location, definition,
                             {.row_rules = true, .column_mapping = true, .change_data = true})
      .commit({});
  output("t", "SELECT i AS v FROM range(3) r(i)").target.materialization_mode =
      MaterializationMode::kAppend;
  const RunControl control = {.on_progress = [&](const RunProgress& progress) {
    if (progress.step != RunStep::kCommit || progress.finished) return;
    duck::Connection other(*context_.database);
    duck::write_table(*context_.database, other, "SELECT 7::BIGINT AS v", {},
                      {.location = location});
  }};
  const base::Error error = failure_of_run(control);
  EXPECT_EQ(error.details().at("cause"), "DELTA_COMMIT_CONFLICT");
  EXPECT_EQ(error.details().at("conflict"), "MetadataChanged");
  run();
  EXPECT_EQ(table("t")->version(), 2);
  EXPECT_EQ(sum("t", "id"), 1 + 2 + 3 + 4) << "no value twice, none left out";
}

}  // namespace
}  // namespace engine
