#include "delta/log_cleanup.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/error.h"
#include "delta/checkpoint.h"
#include "delta/src/table_property.h"
#include "delta/testing/faulty_store.h"
#include "delta/testing/hand_made_log.h"

namespace delta {
namespace {

using Paths = std::vector<std::string>;

// One commit a day at noon, each adding a file; checkpoints where a test puts them. "Today" is the
// day of the last commit.
class LogCleanupTest : public testing::Test {
 protected:
  static constexpr std::int64_t kMidnight = HandMadeLog::kNow / kMsPerDay * kMsPerDay;

  void commit_days(int days,
                   const HandMadeLog::Configuration& configuration = {{"delta.logRetentionDuration",
                                                                       "interval 3 days"}},
                   const Paths& features = {}) {
    for (int day = 0; day < days; ++day) {
      log_.set_now(kMidnight + day * kMsPerDay + 12 * kMsPerHour);
      if (day == 0) {
        log_.create(configuration, features);
      } else {
        log_.commit({HandMadeLog::add("f" + std::to_string(day))});
      }
    }
  }
  void checkpoint(std::int64_t version) {
    write_checkpoint(*log_.load(version), {.clock = log_.clock()});
  }
  LogCleanupReport clean_up(bool dry_run = false) {
    return clean_up_log(*log_.load(), {.clock = log_.clock(), .dry_run = dry_run});
  }
  bool has_commit(std::int64_t version) {
    return log_.has("_delta_log/" + log_name(version, ".json"));
  }
  bool has_checkpoint(std::int64_t version) {
    return log_.has("_delta_log/" + log_name(version, ".checkpoint.parquet"));
  }

  HandMadeLog log_;
};

TEST_F(LogCleanupTest, RemovesWhatACheckpointStandsFor) {
  commit_days(10);  // today is day 9 and the cutoff the midnight before day 6: commit 5
  for (const std::int64_t version : {2, 4, 8}) checkpoint(version);
  log_.store()->put(log_.log_path(log_name(3, ".crc")), "{}");
  log_.store()->put(log_.log_path(log_name(2, "." + log_name(4, ".compacted.json"))), "{}");
  log_.store()->put(log_.log_path(log_name(4, "." + log_name(5, ".compacted.json"))), "{}");
  const LogCleanupReport report = clean_up();
  EXPECT_EQ(report.first_kept_version, 4);
  EXPECT_GT(report.bytes, 0);
  for (int version = 0; version < 10; ++version) EXPECT_EQ(has_commit(version), version >= 4);
  EXPECT_FALSE(has_checkpoint(2));
  EXPECT_TRUE(has_checkpoint(4));
  EXPECT_TRUE(has_checkpoint(8));
  for (const std::string& path : log_.all_paths()) {
    for (const std::int64_t version : {2, 3}) {
      EXPECT_EQ(path.find(log_name(version, ".crc")), std::string::npos) << path;
    }
    EXPECT_EQ(path.find(".compacted"), std::string::npos) << path;
  }
  EXPECT_EQ(log_.files().size(), 9U);
  // A reader at the edge of the retention, before and after the next checkpoint.
  for (const std::int64_t version : {4, 5, 6, 8, 9}) {
    EXPECT_EQ(log_.files(version).size(), static_cast<std::size_t>(version)) << version;
  }
}

TEST_F(LogCleanupTest, TellsWhatItWouldRemove) {
  commit_days(10);
  checkpoint(4);
  const Paths before = log_.all_paths();
  const LogCleanupReport report = clean_up(true);
  EXPECT_EQ(report.files.size(), 4U);
  EXPECT_EQ(log_.all_paths(), before);
}

TEST_F(LogCleanupTest, KeepsTheLastCheckpoint) {  // delta-rs 2174
  commit_days(3);
  checkpoint(1);
  log_.set_now(log_.now() + 1000 * kMsPerDay);
  clean_up();
  EXPECT_TRUE(has_checkpoint(1));
  EXPECT_EQ(log_.files(), (Paths{"f1", "f2"}));
}

TEST_F(LogCleanupTest, RemovesNothingWithoutACheckpointThatIsOldEnough) {
  commit_days(10);
  checkpoint(6);
  const LogCleanupReport report = clean_up();
  EXPECT_TRUE(report.files.empty());
  EXPECT_FALSE(report.note.empty());
  EXPECT_TRUE(has_commit(0));
}

TEST_F(LogCleanupTest, TrustsNoCheckpointThatCannotBeRead) {
  commit_days(10);
  checkpoint(2);
  checkpoint(8);
  log_.store()->put(log_.log_path(log_name(4, ".checkpoint.parquet")), "PAR1 and no more");
  EXPECT_EQ(clean_up().first_kept_version, 2);
  EXPECT_TRUE(has_commit(2));
}

TEST_F(LogCleanupTest, TakesFileTimesToGrowWithTheVersion) {
  commit_days(3);
  log_.set_now(kMidnight - 100 * kMsPerDay);  // the clock goes back
  log_.commit({HandMadeLog::add("g")});
  log_.set_now(kMidnight + 4 * kMsPerDay + 13 * kMsPerHour);
  checkpoint(3);
  EXPECT_FALSE(clean_up().first_kept_version.has_value());
}

TEST_F(LogCleanupTest, KeepsThirtyDaysWhereTheTableSaysNothing) {
  commit_days(3, {});
  checkpoint(1);
  log_.set_now(kMidnight + 30 * kMsPerDay);
  EXPECT_TRUE(clean_up().files.empty());
  log_.set_now(kMidnight + 33 * kMsPerDay);
  EXPECT_EQ(clean_up().first_kept_version, 1);
}

TEST_F(LogCleanupTest, RemovesSidecarsThatNoCheckpointNames) {
  commit_days(10,
              {{"delta.logRetentionDuration", "interval 3 days"}, {"delta.checkpointPolicy", "v2"}},
              {"v2Checkpoint"});
  checkpoint(2);
  checkpoint(4);
  log_.store()->put(log_.log_path("_sidecars/orphan.parquet"), "");
  log_.set_now(log_.now() + 2 * kMsPerDay);
  log_.store()->put(log_.log_path("_sidecars/in-the-making.parquet"), "");
  clean_up();
  const Paths paths = log_.all_paths();
  EXPECT_EQ(std::count_if(paths.begin(), paths.end(),
                          [](const auto& path) { return path.find("_sidecars/") != path.npos; }),
            2);
  EXPECT_TRUE(log_.has("_delta_log/_sidecars/in-the-making.parquet"));
  EXPECT_EQ(log_.files().size(), 9U);
  EXPECT_EQ(log_.files(4).size(), 4U);
}

TEST_F(LogCleanupTest, RemovesWhatKilledWritersLeft) {
  commit_days(2);
  log_.store()->put(log_.log_path(".x.json.123.tmp"), "");
  log_.store()->put(log_.log_path("_commit_123.json.tmp"), "");
  log_.store()->put(log_.log_path("._last_checkpoint.crc"), "");
  log_.store()->put(log_.log_path("." + log_name(1, ".json.crc")), "");
  log_.set_now(log_.now() + 2 * kMsPerDay);
  log_.store()->put(log_.log_path(".y.json.456.tmp"), "");
  clean_up();
  Paths expected = {"_delta_log/." + log_name(1, ".json.crc"), "_delta_log/.y.json.456.tmp",
                    "_delta_log/" + log_name(0, ".json"), "_delta_log/" + log_name(1, ".json")};
  EXPECT_EQ(log_.all_paths(), expected);
}

class LogCleanupFaultTest : public LogCleanupTest, public testing::WithParamInterface<Fault> {};

TEST_P(LogCleanupFaultTest, LeavesTheTableWhole) {
  for (int change = 1;; ++change) {
    log_ = HandMadeLog();
    commit_days(10);
    for (const std::int64_t version : {2, 4}) checkpoint(version);
    const std::shared_ptr<Store> sound = log_.store();
    const auto faulty = std::make_shared<FaultyStore>(sound);
    faulty->fail_change(change, GetParam());
    log_.use_store(faulty);
    try {
      clean_up();
    } catch (const std::exception&) {  // base::Error or Crash
    }
    const bool struck = faulty->has_failed();
    log_.use_store(sound);
    for (const std::int64_t version : {4, 5, 9}) {
      EXPECT_EQ(log_.files(version).size(), static_cast<std::size_t>(version)) << change;
    }
    log_.commit({HandMadeLog::add("next")});
    EXPECT_EQ(log_.files().size(), 10U);
    clean_up();
    EXPECT_FALSE(has_commit(3));
    if (!struck) break;
  }
}

INSTANTIATE_TEST_SUITE_P(Faults, LogCleanupFaultTest,
                         testing::Values(Fault::kNoSpace, Fault::kIoError, Fault::kLostAnswer,
                                         Fault::kCrashBefore, Fault::kCrashAfter));

}  // namespace
}  // namespace delta
