// The commands of `codeanatomy delta` that read.

#include "apps/codeanatomy/program_test_base.h"

namespace apps {
namespace {

using Json = nlohmann::json;

class DeltaReadTest : public ProgramTest {
 protected:
  void SetUp() override {
    ProgramTest::SetUp();
    extract();
  }

  static std::vector<Json> lines_of(const std::string& text) {
    std::vector<Json> rows;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) rows.push_back(Json::parse(line));
    return rows;
  }
};

TEST_F(DeltaReadTest, InfoTellsWhatTheTableIs) {
  const ProgramResult text = run({"delta", "info", "in/ts_defs_v1"});
  ASSERT_EQ(text.status, 0) << text.err;
  EXPECT_NE(text.out.find("1 file"), std::string::npos) << text.out;
  EXPECT_NE(text.out.find("2 rows"), std::string::npos) << text.out;
  EXPECT_NE(text.out.find("  def_kind string"), std::string::npos) << text.out;
  const ProgramResult json = run({"delta", "info", "in/ts_defs_v1", "--format", "json"});
  ASSERT_EQ(json.status, 0) << json.err;
  const Json info = Json::parse(json.out);
  EXPECT_EQ(info.at("rows"), 2);
  EXPECT_EQ(info.at("files"), 1);
  EXPECT_EQ(info.at("schema").at("type"), "struct");
  EXPECT_EQ(info.at("protocol").at("min_reader_version"), 1);
}

TEST_F(DeltaReadTest, ScanGivesTheColumnsAndRowsAskedFor) {
  const ProgramResult result = run({"delta", "scan", "in/ts_defs_v1", "--columns", "name,def_kind",
                                    "--where", "name LIKE 'sq%' -- only one", "--format", "jsonl"});
  ASSERT_EQ(result.status, 0) << result.err;
  const auto rows = lines_of(result.out);
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows[0], Json({{"name", "square"}, {"def_kind", "function"}}));
  EXPECT_EQ(result.err, "");
}

TEST_F(DeltaReadTest, ScanCountsTheFilesThatItLeftOut) {
  const ProgramResult result = run({"delta", "scan", "in/ts_defs_v1", "--where", "name > 'zz'",
                                    "--stats", "--format", "jsonl", "-o", "rows.jsonl"});
  ASSERT_EQ(result.status, 0) << result.err;
  EXPECT_EQ(result.out,
            "files total: 1\npruned by partition: 0\npruned by statistics: 1\n"
            "pruned by join filter: 0\nread: 0\n");
  EXPECT_EQ(read("rows.jsonl"), "");
}

TEST_F(DeltaReadTest, ScanGoesBackInTime) {
  EXPECT_EQ(run({"delta", "scan", "in/ts_defs_v1", "--version", "0", "--format", "csv"}).status, 0);
  const ProgramResult late = run({"delta", "scan", "in/ts_defs_v1", "--version", "99"});
  EXPECT_EQ(late.status, 2);
  EXPECT_NE(late.err.find("DELTA_VERSION_NOT_FOUND"), std::string::npos) << late.err;
  const ProgramResult early = run({"delta", "scan", "in/ts_defs_v1", "--timestamp", "1999-01-01"});
  EXPECT_EQ(early.status, 2);
  EXPECT_NE(early.err.find("DELTA_TIMESTAMP_NOT_FOUND"), std::string::npos) << early.err;
  const ProgramResult odd = run({"delta", "scan", "in/ts_defs_v1", "--timestamp", "yesterday"});
  EXPECT_EQ(odd.status, 2);
  EXPECT_EQ(
      run({"delta", "scan", "in/ts_defs_v1", "--version", "0", "--timestamp", "1999-01-01"}).status,
      2);
}

TEST_F(DeltaReadTest, VerifyFindsFaults) {
  const ProgramResult sound = run({"delta", "verify", "in/ts_defs_v1"});
  EXPECT_EQ(sound.status, 0) << sound.err;
  EXPECT_NE(sound.out.find("1 file, no faults"), std::string::npos) << sound.out;
  for (const std::string& file : files_in("in/ts_defs_v1")) {
    if (file.ends_with(".parquet")) std::filesystem::remove(folder_ / file);
  }
  const ProgramResult faulty = run({"delta", "verify", "in/ts_defs_v1"});
  EXPECT_EQ(faulty.status, 1);
  EXPECT_NE(faulty.out.find(".parquet: cannot be found"), std::string::npos) << faulty.out;
  EXPECT_NE(faulty.err.find("DELTA_TABLE_FAULTY"), std::string::npos) << faulty.err;
}

}  // namespace
}  // namespace apps
