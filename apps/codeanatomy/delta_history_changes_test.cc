#include <sstream>

#include "apps/codeanatomy/program_test_base.h"

namespace apps {
namespace {

class DeltaHistoryAndChanges : public ProgramTest {
 protected:
  static constexpr const char* kSchema =
      R"({"type":"struct","fields":[{"name":"i","type":"long","nullable":true,"metadata":{}}]})";

  // A table that records changes: created, then a row added.
  void make_table(const std::string& feed = "true") const {
    const Json metadata = {{"id", "t"},
                           {"format", {{"provider", "parquet"}, {"options", Json::object()}}},
                           {"schemaString", kSchema},
                           {"partitionColumns", Json::array()},
                           {"configuration", {{"delta.enableChangeDataFeed", feed}}}};
    write("table/_delta_log/00000000000000000000.json",
          Json{{"commitInfo", {{"operation", "CREATE TABLE"}}}}.dump() + "\n" +
              Json{{"protocol", {{"minReaderVersion", 1}, {"minWriterVersion", 4}}}}.dump() + "\n" +
              Json{{"metaData", metadata}}.dump() + "\n");
    const ProgramResult copied =
        run({"sql", "SELECT 7::BIGINT AS i", "-o", "table/a.parquet", "--format", "parquet"});
    ASSERT_EQ(copied.status, 0) << copied.err;
    const Json add = {{"path", "a.parquet"},
                      {"partitionValues", Json::object()},
                      {"size", std::filesystem::file_size(folder_ / "table/a.parquet")},
                      {"modificationTime", 1},
                      {"dataChange", true}};
    write("table/_delta_log/00000000000000000001.json",
          Json{{"commitInfo", {{"operation", "WRITE"}}}}.dump() + "\n" + Json{{"add", add}}.dump() +
              "\n");
  }

  std::vector<Json> lines(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), "delta");
    const ProgramResult result = run(std::move(arguments));
    EXPECT_EQ(result.status, 0) << result.err;
    std::vector<Json> lines;
    std::istringstream text(result.out);
    for (std::string line; std::getline(text, line);) lines.push_back(Json::parse(line));
    return lines;
  }
  void expect_error(std::vector<std::string> arguments, const std::string& words) const {
    arguments.insert(arguments.begin(), "delta");
    const ProgramResult result = run(std::move(arguments));
    EXPECT_EQ(result.status, 2);
    EXPECT_NE(result.err.find(words), std::string::npos) << result.err;
  }
};

TEST_F(DeltaHistoryAndChanges, HistoryIsALineACommit) {
  make_table();
  const auto commits = lines({"history", "table", "--format", "jsonl"});
  ASSERT_EQ(commits.size(), 2U);
  EXPECT_EQ(commits[0]["version"], 1);
  EXPECT_EQ(commits[0]["operation"], "WRITE");
  EXPECT_EQ(commits[1]["operation"], "CREATE TABLE");
  EXPECT_EQ(lines({"history", "table", "--limit", "1", "--format", "jsonl"}).size(), 1U);
}

TEST_F(DeltaHistoryAndChanges, ChangesAreALineARow) {
  make_table();
  const auto changes = lines({"changes", "table", "--from", "0", "--format", "jsonl"});
  ASSERT_EQ(changes.size(), 1U);
  EXPECT_EQ(changes[0]["i"], 7);
  EXPECT_EQ(changes[0]["_change_type"], "insert");
  EXPECT_EQ(changes[0]["_commit_version"], 1);
  EXPECT_TRUE(lines({"changes", "table", "--from", "0", "--to", "0", "--format", "jsonl"}).empty());
}

TEST_F(DeltaHistoryAndChanges, ChangesAreFoundByTimestamp) {
  make_table();
  EXPECT_EQ(
      lines({"changes", "table", "--from-timestamp", "1970-01-01", "--format", "jsonl"}).size(),
      1U);
  expect_error({"changes", "table", "--from-timestamp", "9999-01-01"},
               "error[DELTA_TIMESTAMP_NOT_FOUND] validation: ");
  expect_error({"changes", "table", "--from-timestamp", "soon"}, "soon");
}

TEST_F(DeltaHistoryAndChanges, ChangesNeedOneStart) {
  make_table();
  expect_error({"changes", "table"}, "error[USAGE] validation: ");
  expect_error({"changes", "table", "--from", "0", "--from-timestamp", "1970-01-01"},
               "error[USAGE] validation: ");
}

TEST_F(DeltaHistoryAndChanges, ChangesOfATableThatRecordsNoneAreRefused) {
  make_table("false");
  expect_error({"changes", "table", "--from", "0"}, "error[DELTA_CHANGES_NOT_RECORDED]");
}

TEST_F(DeltaHistoryAndChanges, AMissingCommandIsNamed) {
  expect_error({}, "codeanatomy delta --help");
  expect_error({"frobnicate"}, "there is no command 'frobnicate'; codeanatomy delta --help");
}

}  // namespace
}  // namespace apps
