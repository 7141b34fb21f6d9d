#include "engine/executor/maintenance.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/error.h"
#include "delta/transaction.h"
#include "duck/table_write.h"

namespace engine {
namespace {

namespace fs = std::filesystem;

class MaintenanceTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "maintenance-XXXXXX").string();
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    folder_ = name;
  }
  void TearDown() override { fs::remove_all(folder_); }

  // An output of three commits with a row each, the last one being the run's.
  void write_output(const std::string& name, std::map<std::string, std::string> properties = {}) {
    std::int64_t version = 0;
    for (int i = 0; i < 3; ++i) {
      version = append(name, "SELECT " + std::to_string(i) + "::BIGINT AS id", properties);
    }
    outputs_.push_back({.table_name = name,
                        .delta_location = (folder_ / name).string(),
                        .delta_version = version});
  }

  std::int64_t append(const std::string& name, const std::string& query,
                      std::map<std::string, std::string> properties = {}) {
    return duck::write_table(
               database_, connection_, query, {},
               {.location = (folder_ / name).string(), .properties = std::move(properties)})
        .version;
  }

  void run(const RunControl& control = {}) {
    done_ = maintain(schedule_, outputs_, database_, control);
  }

  // "table operation: message", one line a report; '!' before it where it failed.
  std::string reports() const {
    std::string text;
    for (const MaintenanceReport& report : done_.reports) {
      text += std::string(report.success ? "" : "!") + report.table_name + " " + report.operation +
              ": " + report.message.value_or("") + "\n";
    }
    return text;
  }

  std::shared_ptr<const delta::Snapshot> table(const std::string& name) {
    return delta::Snapshot::load(delta::local_store(), database_.parquet_engine(),
                                 (folder_ / name).string());
  }

  bool is_there(const std::string& file) const { return fs::exists(folder_ / file); }

  // In version 0, as another writer could have it.
  void replace_in_log(const std::string& name, const std::string& text, const std::string& other) {
    const fs::path log = folder_ / name / "_delta_log";
    for (const auto& file : fs::directory_iterator(log)) {
      if (file.path().extension() == ".crc") fs::remove(file.path());
    }
    std::stringstream content;
    content << std::ifstream(log / "00000000000000000000.json").rdbuf();
    std::string changed = content.str();
    changed.replace(changed.find("\":\"" + text) + 3, text.size(), other);
    std::ofstream(log / "00000000000000000000.json") << changed;
  }

  // What a killed writer left a good while ago.
  void leave_old_file(const std::string& file) const {
    std::ofstream(folder_ / file) << "rows";
    fs::last_write_time(folder_ / file,
                        fs::file_time_type::clock::now() - std::chrono::hours(24 * 30));
  }

  fs::path folder_;
  duck::Database database_{{.threads = 2}};
  duck::Connection connection_{database_};
  MaintenanceSchedule schedule_;
  std::vector<MaterializationResult> outputs_;
  Maintenance done_;
};

TEST_F(MaintenanceTest, EveryOperationIsDoneInItsOrder) {
  write_output("t");
  leave_old_file("t/old.parquet");
  schedule_.compact = CompactPolicy{};
  schedule_.checkpoint = true;
  schedule_.vacuum = VacuumPolicy{};
  schedule_.metadata_cleanup = true;
  schedule_.constraints = {{"positive", "id >= 0"}};
  run();
  EXPECT_EQ(reports(),
            "t compact: version 3: 3 files became 1 file\n"
            "t checkpoint: version 3: 1 file live\n"
            "t vacuum: removed 1 file, 4 bytes; kept for 168 hours\n"
            "t metadata_cleanup: removed 0 files of the log, 0 bytes; no commit is older than the "
            "retention\n"
            "t constraint: version 4: every row meets 'positive'\n");
  EXPECT_TRUE(done_.warnings.empty());
  EXPECT_TRUE(is_there("t/_delta_log/00000000000000000003.checkpoint.parquet"));
  EXPECT_FALSE(is_there("t/old.parquet"));
  EXPECT_EQ(table("t")->files().size(), 1U);
  EXPECT_EQ(table("t")->metadata().configuration.at("delta.constraints.positive"), "id >= 0");
}

TEST_F(MaintenanceTest, ASecondTimeThereIsNothingToDo) {
  write_output("t");
  schedule_.compact = CompactPolicy{};
  schedule_.checkpoint = true;
  schedule_.constraints = {{"positive", "id >= 0"}};
  run();
  schedule_.checkpoint = false;
  run();
  EXPECT_EQ(reports(),
            "t compact: nothing to do\n"
            "t constraint: 'positive' was there already\n");
}

TEST_F(MaintenanceTest, AScheduleWithoutOperationsDoesNothing) {
  write_output("t");
  schedule_.target_tables = {"no such table"};
  run();
  EXPECT_EQ(reports(), "");
  EXPECT_TRUE(done_.warnings.empty());
}

TEST_F(MaintenanceTest, OnlyTheTablesThatAreNamedAreMaintained) {
  for (const char* name : {"a", "b", "c"}) write_output(name);
  schedule_.target_tables = {"c", "a", "z"};
  schedule_.compact = CompactPolicy{};
  run();
  EXPECT_EQ(reports(),
            "a compact: version 3: 3 files became 1 file\n"
            "c compact: version 3: 3 files became 1 file\n");
  ASSERT_EQ(done_.warnings.size(), 1U);
  EXPECT_EQ(done_.warnings[0].message,
            "maintenance names the table 'z', which is no output of the spec");
}

TEST_F(MaintenanceTest, TablesAreMaintainedSideBySideAndReportedInOrder) {
  std::string expected;
  for (int i = 0; i < 8; ++i) {
    write_output("t" + std::to_string(i));
    expected += "t" + std::to_string(i) + " compact: version 3: 3 files became 1 file\n";
  }
  schedule_.compact = CompactPolicy{};
  schedule_.max_parallel_tables = 3;
  std::vector<std::string> steps;
  run({.on_progress = [&](const RunProgress& progress) {
    EXPECT_EQ(progress.step, RunStep::kMaintenance);
    EXPECT_EQ(progress.count, 8);
    if (progress.operation == "compact") return;
    EXPECT_EQ(progress.operation, "");
    steps.push_back(progress.name + (progress.finished ? " end" : " begin"));
  }});
  EXPECT_EQ(reports(), expected);
  EXPECT_EQ(steps.size(), 16U);
}

TEST_F(MaintenanceTest, AStepThatFailsEndsTheMaintenanceOfItsTableAlone) {
  write_output("bad", {{"delta.deletedFileRetentionDuration", "1 day"}});
  replace_in_log("bad", "1 day", "soon");
  write_output("good");
  schedule_.vacuum = VacuumPolicy{};
  schedule_.metadata_cleanup = true;
  schedule_.constraints = {{"positive", "id >= 0"}};
  leave_old_file("bad/old.parquet");
  run();
  ASSERT_EQ(done_.reports.size(), 6U);
  EXPECT_FALSE(done_.reports[0].success);
  EXPECT_NE(done_.reports[0].message.value().find("delta.deletedFileRetentionDuration"),
            std::string::npos);
  EXPECT_EQ(done_.reports[1].message, "not done, since vacuum was not");
  EXPECT_EQ(done_.reports[2].message, "not done, since vacuum was not");
  for (std::size_t i = 3; i < 6; ++i) EXPECT_TRUE(done_.reports[i].success) << reports();
  ASSERT_EQ(done_.warnings.size(), 1U);
  EXPECT_EQ(done_.warnings[0].code, WarningCode::kMaintenanceFailed);
  EXPECT_EQ(done_.warnings[0].stage, WarningStage::kMaintenance);
  EXPECT_EQ(done_.warnings[0].context.at("table"), "bad");
  EXPECT_EQ(done_.warnings[0].context.at("operation"), "vacuum");
  EXPECT_EQ(done_.warnings[0].context.at("cause"), "DELTA_PROPERTY_INVALID");
  EXPECT_TRUE(is_there("bad/old.parquet"));
}

TEST_F(MaintenanceTest, AConstraintThatRowsDoNotMeetIsNotAdded) {
  write_output("t");
  schedule_.constraints = {{"small", "id < 2"}, {"positive", "id >= 0"}};
  run();
  ASSERT_EQ(done_.reports.size(), 2U);
  EXPECT_FALSE(done_.reports[0].success);
  EXPECT_NE(done_.reports[0].message.value().find("1 row of"), std::string::npos) << reports();
  EXPECT_NE(done_.reports[0].message.value().find("id = 2"), std::string::npos) << reports();
  EXPECT_FALSE(done_.reports[1].success);
  EXPECT_EQ(table("t")->version(), 2);
}

TEST_F(MaintenanceTest, VacuumNeverKeepsLessThanAWeek) {
  write_output("t");
  std::ofstream(folder_ / "t/new.parquet") << "what a writer is about to commit";
  schedule_.vacuum = VacuumPolicy{.retention_hours = 0, .dry_run_first = true};
  run();
  EXPECT_EQ(reports(),
            "t vacuum: removed 0 files, 0 bytes; kept for 168 hours; files of the last 168 hours "
            "are kept; 0 hours were asked for\n");
  EXPECT_TRUE(is_there("t/new.parquet"));
}

TEST_F(MaintenanceTest, ATableThatOthersWriteToIsLeftAloneWhenAsked) {
  write_output("t");
  append("t", "SELECT 7::BIGINT AS id");
  schedule_.compact = CompactPolicy{};
  schedule_.checkpoint = true;
  schedule_.require_table_quiescence = true;
  run();
  EXPECT_EQ(reports(),
            "!t compact: skipped: another writer has committed version 3 after version 2\n"
            "!t checkpoint: not done, since compact was not\n");
  EXPECT_EQ(table("t")->version(), 3);
  EXPECT_FALSE(is_there("t/_delta_log/_last_checkpoint"));
  EXPECT_EQ(done_.warnings.at(0).context.at("cause"), "DELTA_TABLE_NOT_QUIESCENT");
}

TEST_F(MaintenanceTest, OwnCommitsDoNotDisturbTheQuiet) {
  write_output("t", {{"delta.vacuum.logging.enabled", "true"}});
  schedule_.compact = CompactPolicy{};
  schedule_.vacuum = VacuumPolicy{};
  schedule_.constraints = {{"positive", "id >= 0"}, {"small", "id < 100"}};
  schedule_.require_table_quiescence = true;
  run();
  for (const MaintenanceReport& report : done_.reports) EXPECT_TRUE(report.success) << reports();
  EXPECT_EQ(table("t")->version(), 7) << "compact, the vacuum's two, and the constraints";
}

// Another writer commits when the operations before this one are done.
class ForeignCommitTest : public MaintenanceTest, public testing::WithParamInterface<const char*> {
 protected:
  void run_with_foreign_commit(bool require_quiescence) {
    write_output("t");
    schedule_.compact = CompactPolicy{};
    schedule_.checkpoint = true;
    schedule_.vacuum = VacuumPolicy{};
    schedule_.metadata_cleanup = true;
    schedule_.constraints = {{"positive", "id >= 0"}};
    schedule_.require_table_quiescence = require_quiescence;
    run({.on_progress = [&](const RunProgress& progress) {
      if (progress.operation == GetParam()) append("t", "SELECT 7::BIGINT AS id");
    }});
  }
  std::int64_t sum() {
    const auto rows = connection_.query("SELECT sum(id)::BIGINT FROM delta_scan('" +
                                        (folder_ / "t").string() + "')");
    return std::get<std::int64_t>(rows.rows.at(0).at(0));
  }
};

TEST_P(ForeignCommitTest, EndsTheMaintenanceWhereQuiescenceIsRequired) {
  run_with_foreign_commit(true);
  ASSERT_EQ(done_.reports.size(), 5U);
  bool is_quiet = true;
  for (const MaintenanceReport& report : done_.reports) {
    const bool is_struck = report.operation == GetParam();
    is_quiet = is_quiet && !is_struck;
    EXPECT_EQ(report.success, is_quiet) << reports();
    if (is_struck) {
      EXPECT_TRUE(report.message->starts_with("skipped: another writer has committed version "))
          << reports();
    }
  }
  ASSERT_EQ(done_.warnings.size(), 1U);
  EXPECT_EQ(done_.warnings[0].context.at("operation"), GetParam());
  EXPECT_EQ(done_.warnings[0].context.at("cause"), "DELTA_TABLE_NOT_QUIESCENT");
  const bool was_compacted = std::string(GetParam()) != "compact";
  EXPECT_EQ(table("t")->version(), was_compacted ? 4 : 3) << "theirs is the newest";
  EXPECT_EQ(sum(), 0 + 1 + 2 + 7);
}

TEST_P(ForeignCommitTest, IsKeptByTheOperationsAfterItOtherwise) {
  run_with_foreign_commit(false);
  for (const MaintenanceReport& report : done_.reports) EXPECT_TRUE(report.success) << reports();
  EXPECT_TRUE(done_.warnings.empty());
  EXPECT_EQ(table("t")->version(), 5) << "the compaction, theirs, the constraint";
  EXPECT_EQ(sum(), 0 + 1 + 2 + 7);
}

INSTANTIATE_TEST_SUITE_P(Before, ForeignCommitTest,
                         testing::Values("compact", "checkpoint", "vacuum", "metadata_cleanup",
                                         "constraint"));

TEST_F(MaintenanceTest, AStopEndsTheMaintenanceNotTheRun) {
  write_output("t");
  schedule_.compact = CompactPolicy{};
  schedule_.checkpoint = true;
  std::stop_source source;
  source.request_stop();
  run({.stop = source.get_token()});
  ASSERT_EQ(done_.reports.size(), 2U);
  EXPECT_FALSE(done_.reports[0].success);
  EXPECT_FALSE(done_.reports[1].success);
  EXPECT_EQ(done_.warnings.at(0).context.at("cause"), "INTERRUPTED");
  EXPECT_EQ(table("t")->version(), 2);
}

}  // namespace
}  // namespace engine
