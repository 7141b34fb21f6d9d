// The commands of `codeanatomy delta` that maintain a table.

#include <sys/stat.h>

#include <chrono>
#include <csignal>

#include <fmt/format.h>

#include "apps/codeanatomy/program_test_base.h"

namespace apps {
namespace {

namespace fs = std::filesystem;

class DeltaMaintenanceTest : public ProgramTest {
 protected:
  // Makes a version with one row more.
  void append(const std::string& row) const {
    write("rows.csv", "id,name\n" + row + "\n");
    const ProgramResult result = run({"delta", "write", "t", "--from", "rows.csv"});
    ASSERT_EQ(result.status, 0) << result.err;
  }

  std::string output_of(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), "delta");
    const ProgramResult result = run(std::move(arguments));
    EXPECT_EQ(result.status, 0) << result.err;
    return result.out;
  }

  Json report_of(std::vector<std::string> arguments) const {
    arguments.insert(arguments.end(), {"--format", "json"});
    return Json::parse(output_of(std::move(arguments)));
  }

  void make_older(const std::string& file, std::chrono::hours age) const {
    fs::last_write_time(folder_ / file, fs::file_time_type::clock::now() - age);
  }

  std::int64_t row_count() const {
    return rows("SELECT count(*) AS n FROM delta_scan('t')").at(0).at("n");
  }

  bool is_there(const std::string& file) const { return fs::exists(folder_ / file); }
};

TEST_F(DeltaMaintenanceTest, CheckpointIsWrittenOnce) {
  append("1,a");
  append("2,b");
  EXPECT_TRUE(output_of({"checkpoint", "t"})
                  .starts_with("version 1: checkpoint of 4 actions, 2 live files, "));
  EXPECT_TRUE(is_there("t/_delta_log/00000000000000000001.checkpoint.parquet"));
  EXPECT_TRUE(is_there("t/_delta_log/_last_checkpoint"));
  EXPECT_EQ(output_of({"checkpoint", "t"}), "version 1 has a checkpoint already\n");
  const Json again = report_of({"checkpoint", "t"});
  EXPECT_EQ(again.at("written"), false);
  EXPECT_EQ(again.at("version"), 1);
  fs::remove(folder_ / "t/_delta_log/00000000000000000000.json");
  EXPECT_EQ(row_count(), 2);
}

TEST_F(DeltaMaintenanceTest, CommitsAreCompactedSinceTheLastCheckpoint) {
  append("1,a");
  EXPECT_EQ(output_of({"compact-log", "t"}),
            "version 0: fewer than two commits after the last checkpoint\n");
  append("2,b");
  EXPECT_TRUE(output_of({"compact-log", "t"})
                  .starts_with("versions 0 to 1: log compaction of 4 actions, "));
  EXPECT_TRUE(is_there("t/_delta_log/00000000000000000000.00000000000000000001.compacted.json"));
  EXPECT_EQ(output_of({"compact-log", "t"}), "versions 0 to 1 have a log compaction already\n");
  output_of({"checkpoint", "t"});
  const Json nothing = report_of({"compact-log", "t"});
  EXPECT_EQ(nothing.at("written"), false);
  EXPECT_TRUE(nothing.at("path").is_null());
  for (const char* row : {"3,c", "4,d", "5,e"}) append(row);
  const Json report = report_of({"compact-log", "t", "--to", "3"});
  EXPECT_EQ(report.at("first_version"), 2);
  EXPECT_EQ(report.at("last_version"), 3);
  EXPECT_EQ(report.at("actions"), 2);
  EXPECT_EQ(row_count(), 5);
  EXPECT_EQ(output_of({"verify", "t"}), "version 4: 5 files, no faults\n");
}

TEST_F(DeltaMaintenanceTest, CommitsThatAreNotThereAreNotCompacted) {
  append("1,a");
  append("2,b");
  for (const std::vector<std::string>& range :
       {std::vector<std::string>{"--from", "1"}, {"--from", "7"}, {"--to", "7"}}) {
    std::vector<std::string> arguments = {"delta", "compact-log", "t"};
    arguments.insert(arguments.end(), range.begin(), range.end());
    const ProgramResult result = run(arguments);
    EXPECT_EQ(result.status, 2) << result.out;
    EXPECT_TRUE(result.err.starts_with("error[DELTA_VERSION_NOT_FOUND] ")) << result.err;
  }
}

TEST_F(DeltaMaintenanceTest, WhatShouldFollowAndFailsIsAWarning) {
  append("1,a");
  fs::create_directory(folder_ / "t/_delta_log/_last_checkpoint");
  const ProgramResult hint = run({"delta", "checkpoint", "t"});
  EXPECT_EQ(hint.status, 0);
  EXPECT_TRUE(hint.out.starts_with("version 0: checkpoint of 3 actions, ")) << hint.out;
  EXPECT_TRUE(
      hint.err.starts_with("warning[MaintenanceFailed] Maintenance: no hint at the checkpoint: "))
      << hint.err;
  EXPECT_EQ(row_count(), 1);

  write("rows.csv", "id,name\n2,b\n");
  const std::vector<std::vector<std::string>> commits = {
      {"write", "t", "--from", "rows.csv", "--property", "delta.checkpointInterval=1"},
      {"write", "t", "--from", "rows.csv"},
      {"optimize", "t"},
      {"delete", "t", "--where", "id = 1"}};
  for (std::size_t i = 0; i < commits.size(); ++i) {
    std::vector<std::string> arguments = commits[i];
    arguments.insert(arguments.begin(), "delta");
    const ProgramResult result = run(std::move(arguments));
    EXPECT_EQ(result.status, 0) << commits[i][0];
    EXPECT_TRUE(result.err.starts_with("warning[MaintenanceFailed] Maintenance: no hint at "))
        << commits[i][0] << result.err;
    EXPECT_TRUE(is_there(fmt::format("t/_delta_log/{:020}.checkpoint.parquet", i + 1)));
  }
}

TEST_F(DeltaMaintenanceTest, VacuumListsAndRemovesWhatNoVersionNames) {
  append("1,a");
  write("t/part-old.parquet", "what a killed writer left");
  make_older("t/part-old.parquet", std::chrono::hours(24 * 10));
  write("t/part-new.parquet", "what a writer is about to commit");

  const std::string listed = output_of({"vacuum", "t", "--retention-hours", "200", "--dry-run"});
  EXPECT_NE(listed.find("t/part-old.parquet\n"), std::string::npos) << listed;
  EXPECT_NE(listed.find("dry run: 1 file, 25 B, would go; kept for 200 hours\n"), std::string::npos)
      << listed;
  EXPECT_TRUE(is_there("t/part-old.parquet"));

  EXPECT_EQ(output_of({"vacuum", "t", "--retention-hours", "200"}),
            "removed 1 file, 25 B, and 0 empty folders; kept for 200 hours\n");
  EXPECT_FALSE(is_there("t/part-old.parquet"));
  EXPECT_TRUE(is_there("t/part-new.parquet"));
  EXPECT_EQ(row_count(), 1);
}

TEST_F(DeltaMaintenanceTest, VacuumKeepsAWeekWhateverIsAsked) {
  append("1,a");
  write("t/part-old.parquet", "x");
  make_older("t/part-old.parquet", std::chrono::hours(24));
  const std::string text = output_of({"vacuum", "t", "--retention-hours", "0"});
  EXPECT_NE(text.find("kept for 168 hours\n"), std::string::npos) << text;
  EXPECT_NE(text.find("note: files of the last 168 hours are kept"), std::string::npos) << text;
  EXPECT_TRUE(is_there("t/part-old.parquet"));
}

TEST_F(DeltaMaintenanceTest, VacuumByTheLogLeavesWhatNoCommitNamed) {
  append("1,a");
  write("t/part-old.parquet", "x");
  make_older("t/part-old.parquet", std::chrono::hours(24 * 10));
  const Json report = report_of({"vacuum", "t", "--lite"});
  EXPECT_EQ(report.at("files"), Json::array());
  EXPECT_EQ(report.at("retention_hours"), 168);
  EXPECT_TRUE(is_there("t/part-old.parquet"));
}

TEST_F(DeltaMaintenanceTest, VacuumOfTheWrongHoursIsAUsageError) {
  for (const char* hours : {"-1", "soon"}) {
    const ProgramResult result = run({"delta", "vacuum", "t", "--retention-hours", hours});
    EXPECT_EQ(result.status, 2);
    EXPECT_TRUE(result.err.starts_with("error[USAGE] validation: ")) << result.err;
  }
}

TEST_F(DeltaMaintenanceTest, CleanupRemovesWhatACheckpointStandsFor) {
  for (const char* row : {"1,a", "2,b", "3,c"}) append(row);
  EXPECT_NE(output_of({"cleanup", "t"}).find("note: no commit is older than the retention"),
            std::string::npos);
  output_of({"checkpoint", "t"});
  for (const std::string& file : files_in("t/_delta_log")) {
    make_older(file, std::chrono::hours(24 * 40));
  }
  const std::string text = output_of({"cleanup", "t"});
  EXPECT_TRUE(text.starts_with("removed 4 files of the log, ")) << text;
  EXPECT_NE(text.find("it begins with the checkpoint of version 2\n"), std::string::npos) << text;
  EXPECT_FALSE(is_there("t/_delta_log/00000000000000000001.json"));
  EXPECT_TRUE(is_there("t/_delta_log/00000000000000000002.json"));
  EXPECT_EQ(row_count(), 3);
  EXPECT_EQ(report_of({"cleanup", "t"}).at("files"), Json::array());
}

TEST_F(DeltaMaintenanceTest, OptimizeMakesOneFileOfMany) {
  for (const char* row : {"1,a", "2,b", "3,c"}) append(row);
  const std::string text = output_of({"optimize", "t", "--target-size", "128MiB"});
  EXPECT_TRUE(text.starts_with("version 3: 3 files, ")) << text;
  EXPECT_NE(text.find(" became 1 file, "), std::string::npos) << text;
  EXPECT_EQ(row_count(), 3);
  EXPECT_EQ(output_of({"optimize", "t"}), "nothing to do\n");
  EXPECT_EQ(report_of({"optimize", "t"}).at("version"), nullptr);
}

TEST_F(DeltaMaintenanceTest, OptimizeOrdersByColumns) {
  for (const char* row : {"1,a", "2,b"}) append(row);
  const Json report = report_of({"optimize", "t", "--zorder", "id,name"});
  EXPECT_EQ(report.at("version"), 2);
  EXPECT_EQ(report.at("files_added"), 1);
  EXPECT_EQ(report.at("rows"), 2);
  const ProgramResult unknown = run({"delta", "optimize", "t", "--zorder", "nowhere"});
  EXPECT_EQ(unknown.status, 2);
  EXPECT_NE(unknown.err.find("error[USAGE] validation: "), std::string::npos) << unknown.err;
}

TEST_F(DeltaMaintenanceTest, ConstraintsAreAddedWhenTheRowsMeetThem) {
  append("1,a");
  EXPECT_EQ(output_of({"constraint", "t", "add", "positive", "id > 0"}),
            "version 1: every row meets 'positive'\n");
  EXPECT_EQ(output_of({"constraint", "t", "add", "positive", "id > 0"}),
            "the table has the constraint 'positive' already\n");
  const ProgramResult violated = run({"delta", "constraint", "t", "add", "big", "id > 1"});
  EXPECT_EQ(violated.status, 1);
  EXPECT_NE(violated.err.find("error[DELTA_CONSTRAINT_VIOLATED] "), std::string::npos);
  EXPECT_NE(violated.err.find("such as id = 1, name = a"), std::string::npos) << violated.err;
  EXPECT_EQ(output_of({"constraint", "t", "drop", "positive"}),
            "version 2: without the constraint 'positive'\n");
  EXPECT_EQ(run({"delta", "constraint", "t", "drop", "positive"}).status, 2);
}

TEST_F(DeltaMaintenanceTest, ConstraintsNeedAnActionAndWhatGoesWithIt) {
  append("1,a");
  const std::vector<std::vector<std::string>> wrong = {
      {"t"}, {"t", "frobnicate", "x"}, {"t", "add", "x"}, {"t", "drop", "x", "id > 0"}};
  for (std::vector<std::string> arguments : wrong) {
    arguments.insert(arguments.begin(), {"delta", "constraint"});
    const ProgramResult result = run(arguments);
    EXPECT_EQ(result.status, 2);
    EXPECT_TRUE(result.err.starts_with("error[USAGE] validation: ")) << result.err;
  }
}

TEST_F(DeltaMaintenanceTest, ATableThatIsNotThereIsNamed) {
  for (const char* command : {"checkpoint", "compact-log", "optimize", "vacuum", "cleanup"}) {
    const ProgramResult result = run({"delta", command, "nowhere"});
    EXPECT_EQ(result.status, 2) << command;
    EXPECT_TRUE(result.err.starts_with("error[DELTA_TABLE_NOT_FOUND] ")) << result.err;
    EXPECT_FALSE(is_there("nowhere"));
  }
}

// Ctrl-C while the command waits for a file of the log, which is a pipe.
class InterruptedMaintenanceTest : public DeltaMaintenanceTest {
 protected:
  ProgramResult interrupt(const std::vector<std::string>& arguments) const {
    const fs::path hint = folder_ / "t/_delta_log/_last_checkpoint";
    fs::remove(hint);
    EXPECT_EQ(mkfifo(hint.c_str(), 0600), 0);
    ProgramRun program(arguments, folder_);
    const int pipe = program.wait_for_reader(hint);
    fs::remove(hint);
    EXPECT_GE(pipe, 0);
    if (pipe < 0) return program.finish();
    program.send(SIGINT);
    program.wait_until_idle();
    close(pipe);
    return program.finish();
  }

  static void expect_interrupted(const ProgramResult& result, const std::string& outcome) {
    EXPECT_EQ(result.status, 1);
    EXPECT_EQ(result.err, "error[INTERRUPTED] runtime: interrupted; " + outcome + "\n");
    EXPECT_EQ(result.out, "");
  }
};

TEST_F(InterruptedMaintenanceTest, VacuumEndsBeforeItRemovesAnything) {
  append("1,a");
  write("t/part-old.parquet", "what a killed writer left");
  make_older("t/part-old.parquet", std::chrono::hours(24 * 10));
  for (const char* kind : {"--dry-run", "--lite", "--retention-hours=200"}) {
    expect_interrupted(interrupt({"delta", "vacuum", "t", kind}), "no file was removed");
    EXPECT_TRUE(is_there("t/part-old.parquet"));
  }
  EXPECT_EQ(report_of({"vacuum", "t"}).at("files").size(), 1U);
}

TEST_F(InterruptedMaintenanceTest, CleanupEndsBeforeItRemovesAnything) {
  for (const char* row : {"1,a", "2,b", "3,c"}) append(row);
  output_of({"checkpoint", "t"});
  for (const std::string& file : files_in("t/_delta_log")) {
    make_older(file, std::chrono::hours(24 * 40));
  }
  expect_interrupted(interrupt({"delta", "cleanup", "t"}), "no file of the log was removed");
  EXPECT_TRUE(is_there("t/_delta_log/00000000000000000000.json"));
  EXPECT_EQ(report_of({"cleanup", "t"}).at("first_kept_version"), 2);
  EXPECT_FALSE(is_there("t/_delta_log/00000000000000000000.json"));
}

TEST_F(InterruptedMaintenanceTest, CheckpointIsNotWritten) {
  append("1,a");
  const std::vector<std::string> before = files_in("t");
  expect_interrupted(interrupt({"delta", "checkpoint", "t"}), "no checkpoint was written");
  EXPECT_EQ(files_in("t"), before);
  EXPECT_EQ(report_of({"checkpoint", "t"}).at("written"), true);
}

TEST_F(InterruptedMaintenanceTest, OptimizeLeavesTheFilesAsTheyWere) {
  for (const char* row : {"1,a", "2,b"}) append(row);
  const std::vector<std::string> before = files_in("t");
  expect_interrupted(interrupt({"delta", "optimize", "t"}), "no table has changed");
  EXPECT_EQ(files_in("t"), before);
  EXPECT_EQ(report_of({"optimize", "t"}).at("files_removed"), 2);
}

}  // namespace
}  // namespace apps
