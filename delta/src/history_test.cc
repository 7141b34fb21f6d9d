#include "delta/history.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

#include "base/error.h"

namespace delta {
namespace {

constexpr const char* kProtocol = R"({"protocol":{"minReaderVersion":1,"minWriterVersion":2}})";
constexpr const char* kTimestampProtocol =
    R"({"protocol":{"minReaderVersion":1,"minWriterVersion":7,)"
    R"("writerFeatures":["inCommitTimestamp"]}})";

class HistoryTest : public testing::Test {
 protected:
  HistoryTest()
      : table_(testing::TempDir() + "history-" + std::to_string(getpid()) + "-" +
               testing::UnitTest::GetInstance()->current_test_info()->name()) {}
  ~HistoryTest() override { std::filesystem::remove_all(table_); }

  static std::string metadata(const std::string& configuration = "{}") {
    return R"({"metaData":{"id":"t","schemaString":"{\"type\":\"struct\",\"fields\":[]}",)"
           R"("partitionColumns":[],"configuration":)" +
           configuration + "}}";
  }
  static std::string info(const std::string& fields) {
    return R"({"commitInfo":{)" + fields + "}}";
  }
  static std::string info_at(std::int64_t time) {
    return info(R"("inCommitTimestamp":)" + std::to_string(time));
  }

  void commit(std::int64_t version, std::int64_t file_time, const std::vector<std::string>& lines) {
    std::string text;
    for (const std::string& line : lines) text += line + "\n";
    std::string name = std::to_string(version);
    name.insert(0, 20 - name.size(), '0');
    const std::string path = table_ + "/_delta_log/" + name + ".json";
    store_->put(path, text);
    const std::chrono::sys_time<std::chrono::milliseconds> time{
        std::chrono::milliseconds(file_time)};
    std::filesystem::last_write_time(path, std::chrono::file_clock::from_sys(time));
  }
  // A table with a commit for each of `file_times`.
  void commits_at(const std::vector<std::int64_t>& file_times) {
    commit(0, file_times.at(0), {kProtocol, metadata()});
    for (std::size_t i = 1; i < file_times.size(); ++i) {
      commit(static_cast<std::int64_t>(i), file_times[i], {info(R"("operation":"WRITE")")});
    }
  }
  // Versions 0 and 1 without in-commit timestamps, which version 2 enables.
  void enable_timestamps_at_2(std::int64_t file_time_0, std::int64_t file_time_1) {
    commit(0, file_time_0, {kProtocol, metadata()});
    commit(1, file_time_1, {info(R"("operation":"WRITE")")});
    commit(2, 1,
           {info_at(300), kTimestampProtocol,
            metadata(R"({"delta.enableInCommitTimestamps":"true",)"
                     R"("delta.inCommitTimestampEnablementVersion":"2",)"
                     R"("delta.inCommitTimestampEnablementTimestamp":"300"})")});
    commit(3, 2, {info_at(400)});
  }

  std::shared_ptr<const Snapshot> latest() { return Snapshot::load(store_, nullptr, table_); }
  std::int64_t as_of(std::int64_t ms) {
    return version_as_of(*latest(), Timestamp{ms * 1000}).version;
  }
  std::int64_t since(std::int64_t ms) {
    return first_version_since(*latest(), Timestamp{ms * 1000}).version;
  }
  std::vector<std::int64_t> times() {
    std::vector<std::int64_t> times;
    for (const HistoryEntry& entry : history(*latest())) times.push_back(entry.timestamp);
    return times;
  }
  template <typename Call>
  static base::Error error(const Call& call) {
    try {
      call();
    } catch (const base::Error& caught) {
      return caught;
    }
    return base::Error(base::Stage::kRuntime, "NONE", "no error");
  }

  const std::string table_;
  const std::shared_ptr<Store> store_ = local_store();
};

using Times = std::vector<std::int64_t>;

TEST_F(HistoryTest, GoesFromTheNewestCommitToTheOldest) {
  commit(0, 100,
         {info(R"("operation":"CREATE TABLE","userMetadata":"first")"), kProtocol, metadata()});
  commit(1, 200, {info(R"("operation":"WRITE","operationParameters":{"mode":"Append"})")});
  const auto entries = history(*latest());
  ASSERT_EQ(entries.size(), 2U);
  EXPECT_EQ(entries[0].version, 1);
  EXPECT_EQ(entries[0].timestamp, 200);
  EXPECT_EQ(entries[0].info.fields["operationParameters"]["mode"], "Append");
  EXPECT_EQ(entries[1].version, 0);
  EXPECT_EQ(entries[1].info.fields["userMetadata"], "first");
}

TEST_F(HistoryTest, ShowsNoMoreCommitsThanAskedFor) {
  commits_at({100, 200, 300});
  const auto entries = history(*latest(), 2);
  ASSERT_EQ(entries.size(), 2U);
  EXPECT_EQ(entries[1].version, 1);
}

TEST_F(HistoryTest, EndsAtTheVersionOfTheSnapshot) {
  commits_at({100, 200, 300});
  const auto snapshot = Snapshot::load(store_, nullptr, table_, 1);
  EXPECT_EQ(history(*snapshot).front().version, 1);
}

TEST_F(HistoryTest, ACommitWithoutCommitInfoHasNoFields) {
  commit(0, 100, {kProtocol, metadata()});
  EXPECT_TRUE(history(*latest()).at(0).info.fields.empty());
}

TEST_F(HistoryTest, FileTimesThatDoNotGrowAreMadeToByOneMillisecond) {
  commits_at({500, 500, 100, 501, 900});
  EXPECT_EQ(times(), (Times{900, 503, 502, 501, 500}));
}

TEST_F(HistoryTest, ReadsTheNewestVersionThatWasThere) {
  commits_at({100, 200, 300});
  EXPECT_EQ(as_of(100), 0);
  EXPECT_EQ(as_of(199), 0);
  EXPECT_EQ(as_of(200), 1);
  EXPECT_EQ(as_of(300), 2);
}

TEST_F(HistoryTest, TiedCommitsAreToldApartByTheirAdjustedTimes) {
  commits_at({100, 100, 100});
  EXPECT_EQ(as_of(100), 0);
  EXPECT_EQ(as_of(101), 1);
  EXPECT_EQ(as_of(102), 2);
}

TEST_F(HistoryTest, MicrosecondsWithinAMillisecondChooseTheRightSide) {
  commits_at({100, 200});
  EXPECT_EQ(version_as_of(*latest(), Timestamp{199'999}).version, 0);
  EXPECT_EQ(version_as_of(*latest(), Timestamp{200'000}).version, 1);
  EXPECT_EQ(first_version_since(*latest(), Timestamp{100'001}).version, 1);
  EXPECT_EQ(first_version_since(*latest(), Timestamp{100'000}).version, 0);
}

TEST_F(HistoryTest, ATimeBeforeTheFirstOrAfterTheLastIsAnErrorThatNamesBoth) {
  commits_at({1'000, 2'500});
  const base::Error early = error([&] { as_of(999); });
  EXPECT_EQ(early.code(), "DELTA_TIMESTAMP_NOT_FOUND");
  EXPECT_EQ(early.details().at("earliest"), "1970-01-01T00:00:01Z");
  EXPECT_EQ(
      early.message(),
      "table '" + table_ +
          "' has no version as early as 1970-01-01T00:00:00.999Z: the earliest is "
          "version 0 of 1970-01-01T00:00:01Z, the latest version 1 of 1970-01-01T00:00:02.500Z");
  const base::Error late = error([&] { as_of(2'501); });
  EXPECT_EQ(late.code(), "DELTA_TIMESTAMP_NOT_FOUND");
  EXPECT_EQ(late.details().at("latest"), "1970-01-01T00:00:02.500Z");
}

TEST_F(HistoryTest, FindsTheFirstVersionSinceATime) {
  commits_at({100, 200});
  EXPECT_EQ(since(1), 0);
  EXPECT_EQ(since(100), 0);
  EXPECT_EQ(since(101), 1);
  EXPECT_EQ(since(200), 1);
  EXPECT_EQ(error([&] { since(201); }).code(), "DELTA_TIMESTAMP_NOT_FOUND");
}

TEST_F(HistoryTest, InCommitTimestampsWinOverFileTimes) {
  commit(
      0, 900,
      {info_at(100), kTimestampProtocol, metadata(R"({"delta.enableInCommitTimestamps":"true"})")});
  commit(1, 800, {info_at(200)});
  EXPECT_EQ(times(), (Times{200, 100}));
  EXPECT_EQ(as_of(150), 0);
  EXPECT_EQ(as_of(200), 1);
  EXPECT_EQ(error([&] { as_of(99); }).details().at("earliest"), "1970-01-01T00:00:00.100Z");
}

TEST_F(HistoryTest, InCommitTimestampsCountFromTheVersionThatEnabledThem) {
  enable_timestamps_at_2(100, 200);
  EXPECT_EQ(times(), (Times{400, 300, 200, 100}));
  EXPECT_EQ(as_of(150), 0);
  EXPECT_EQ(as_of(299), 1);
  EXPECT_EQ(as_of(300), 2);
  EXPECT_EQ(as_of(399), 2);
  EXPECT_EQ(since(201), 2);
  EXPECT_EQ(since(301), 3);
}

TEST_F(HistoryTest, ACopiedLogWithNewFilesKeepsItsInCommitTimestamps) {
  enable_timestamps_at_2(1'000, 1'000);
  EXPECT_EQ(times(), (Times{400, 300, 1'001, 1'000}));
  EXPECT_EQ(as_of(350), 2);
  EXPECT_EQ(as_of(400), 3);
  EXPECT_EQ(error([&] { as_of(299); }).code(), "DELTA_TIMESTAMP_NOT_FOUND");
  EXPECT_EQ(since(300), 2);
  EXPECT_EQ(since(301), 3);
}

TEST_F(HistoryTest, AMissingInCommitTimestampIsNamedByFile) {
  commit(
      0, 900,
      {info_at(100), kTimestampProtocol, metadata(R"({"delta.enableInCommitTimestamps":"true"})")});
  commit(1, 800, {info(R"("operation":"WRITE")")});
  const base::Error fault = error([&] { times(); });
  EXPECT_EQ(fault.code(), "DELTA_LOG_CORRUPT");
  EXPECT_NE(fault.message().find("00000000000000000001.json"), std::string::npos);
}

TEST_F(HistoryTest, LoadsTheTableAsItWas) {
  commits_at({100, 200, 300});
  EXPECT_EQ(load_as_of(store_, nullptr, table_, Timestamp{250'000})->version(), 1);
  EXPECT_EQ(load_as_of(store_, nullptr, table_, Timestamp{300'000})->version(), 2);
}

}  // namespace
}  // namespace delta
