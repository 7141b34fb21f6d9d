#include "delta/src/log_path.h"

#include <gtest/gtest.h>

namespace delta {
namespace {

TEST(LogPathTest, KnowsTheFilesOfALog) {
  const auto commit = parse_log_file_name("00000000000000000010.json");
  EXPECT_EQ(commit->kind, LogFileKind::kCommit);
  EXPECT_EQ(commit->version, 10);
  const auto classic = parse_log_file_name("00000000000000000010.checkpoint.parquet");
  EXPECT_EQ(classic->kind, LogFileKind::kClassicCheckpoint);
  const auto part =
      parse_log_file_name("00000000000000000010.checkpoint.0000000002.0000000003.parquet");
  EXPECT_EQ(part->kind, LogFileKind::kMultiPartCheckpoint);
  EXPECT_EQ(part->part, 2);
  EXPECT_EQ(part->parts, 3);
  for (const char* suffix : {"json", "parquet"}) {
    const auto uuid = parse_log_file_name(
        std::string("00000000000000000010.checkpoint.80a083e8-7026-4e79-81be-64bd76c43a11.") +
        suffix);
    EXPECT_EQ(uuid->kind, LogFileKind::kUuidCheckpoint);
  }
  const auto compaction =
      parse_log_file_name("00000000000000000004.00000000000000000006.compacted.json");
  EXPECT_EQ(compaction->kind, LogFileKind::kCompaction);
  EXPECT_EQ(compaction->version, 4);
  EXPECT_EQ(compaction->end_version, 6);
}

TEST(LogPathTest, PassesOverOtherFiles) {
  for (const char* name :
       {"_last_checkpoint", "00000000000000000010.crc", "10.json", "",
        ".00000000000000000010.json.80a083e8.tmp", "00000000000000000010.json.tmp",
        "00000000000000000010.checkpoint.json", "0000000000000000001x.json",
        "-0000000000000000001.json", "99999999999999999999.json",
        "00000000000000000010.checkpoint.0000000004.0000000003.parquet",
        "00000000000000000010.checkpoint.0000000000.0000000003.parquet",
        "00000000000000000006.00000000000000000004.compacted.json", "_sidecars"}) {
    EXPECT_FALSE(parse_log_file_name(name)) << name;
  }
}

TEST(LogPathTest, NamesCommits) {
  EXPECT_EQ(commit_path("/t", 12), "/t/_delta_log/00000000000000000012.json");
}

}  // namespace
}  // namespace delta
