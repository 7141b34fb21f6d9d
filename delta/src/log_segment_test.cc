#include "delta/src/log_segment.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "delta/src/log_path.h"

namespace delta {
namespace {

constexpr const char* kUuid = "80a083e8-7026-4e79-81be-64bd76c43a11";

class LogSegmentTest : public testing::Test {
 protected:
  void put(const std::string& name) { store_->put("/t/_delta_log/" + name, "x"); }
  void commits(std::int64_t first, std::int64_t last) {
    for (std::int64_t version = first; version <= last; ++version) {
      put(version_digits(version) + ".json");
    }
  }
  void checkpoint(std::int64_t version) { put(version_digits(version) + ".checkpoint.parquet"); }
  void part(std::int64_t version, int number, int count) {
    put(version_digits(version) + ".checkpoint.000000000" + std::to_string(number) + ".000000000" +
        std::to_string(count) + ".parquet");
  }
  void hint(const std::string& text) { store_->put("/t/_delta_log/_last_checkpoint", text); }

  LogSegment find(std::optional<std::int64_t> version = std::nullopt) {
    return find_log_segment(*store_, "/t", version);
  }
  std::string code_of(std::optional<std::int64_t> version = std::nullopt) {
    try {
      find(version);
      return "none";
    } catch (const base::Error& error) {
      return error.code();
    }
  }

  std::shared_ptr<Store> store_ = memory_store();
};

TEST_F(LogSegmentTest, StartsAtTheNewestCheckpointThatFits) {
  commits(0, 12);
  checkpoint(5);
  checkpoint(10);
  EXPECT_EQ(find().checkpoint->version, 10);
  EXPECT_EQ(find().commits.size(), 2u);
  EXPECT_EQ(find(9).checkpoint->version, 5);
  EXPECT_EQ(find(9).commits.size(), 4u);
  EXPECT_EQ(find(10).commits.size(), 0u);
  EXPECT_FALSE(find(4).checkpoint);
  EXPECT_EQ(find(4).commits.size(), 5u);
}

TEST_F(LogSegmentTest, NeedsNoCommitsBeforeTheCheckpoint) {
  commits(8, 12);
  checkpoint(10);
  EXPECT_EQ(find().version, 12);
  EXPECT_EQ(code_of(9), "DELTA_VERSION_NOT_FOUND");
  EXPECT_EQ(code_of(13), "DELTA_VERSION_NOT_FOUND");
}

TEST_F(LogSegmentTest, NeedsNoCommitOfTheCheckpointItself) {
  checkpoint(10);
  EXPECT_EQ(find().version, 10);
}

TEST_F(LogSegmentTest, PassesOverCheckpointsWithMissingParts) {
  commits(0, 3);
  part(2, 1, 2);
  EXPECT_FALSE(find().checkpoint);
  part(2, 2, 3);
  EXPECT_FALSE(find().checkpoint);
  part(2, 2, 2);
  ASSERT_TRUE(find().checkpoint);
  EXPECT_EQ(find().checkpoint->paths.size(), 2u);
}

TEST_F(LogSegmentTest, FindsCheckpointsByAnyName) {
  commits(0, 3);
  put(version_digits(2) + ".checkpoint." + kUuid + ".json");
  EXPECT_EQ(find().checkpoint->version, 2);
}

TEST_F(LogSegmentTest, NamesGaps) {
  commits(0, 2);
  commits(4, 5);
  EXPECT_EQ(code_of(), "DELTA_LOG_CORRUPT");
  EXPECT_EQ(find(2).version, 2);
  checkpoint(1);
  EXPECT_EQ(code_of(), "DELTA_LOG_CORRUPT");
  checkpoint(4);
  EXPECT_EQ(find().version, 5);
}

TEST_F(LogSegmentTest, NamesALogWithoutABeginning) {
  commits(3, 5);
  EXPECT_EQ(code_of(), "DELTA_LOG_CORRUPT");
}

TEST_F(LogSegmentTest, IsRightWhateverTheHintSays) {
  commits(0, 12);
  checkpoint(5);
  checkpoint(10);
  for (const char* text :
       {R"({"version":10})", R"({"version":5,"size":1})", R"({"version":11})", R"({"version":99})",
        R"({"version":-1})", "", "[", "null", R"({"version":1e99})", "\xff"}) {
    hint(text);
    EXPECT_EQ(find().version, 12) << text;
    EXPECT_EQ(find(7).version, 7) << text;
    EXPECT_EQ(find(3).commits.size(), 4u) << text;
    EXPECT_EQ(code_of(13), "DELTA_VERSION_NOT_FOUND") << text;
  }
}

TEST_F(LogSegmentTest, PrefersTheLongestCompactions) {
  commits(0, 9);
  const auto compaction = [&](std::int64_t first, std::int64_t last) {
    put(version_digits(first) + "." + version_digits(last) + ".compacted.json");
  };
  compaction(1, 2);
  compaction(1, 4);
  compaction(5, 11);
  EXPECT_EQ(find().commits.size(), 7u);
  EXPECT_EQ(find().commits[1].last_version, 4);
  EXPECT_EQ(find(3).commits.size(), 3u);
  EXPECT_EQ(find(3).commits[1].last_version, 2);
}

TEST_F(LogSegmentTest, KnowsWhetherThereIsALog) {
  EXPECT_FALSE(has_log(*store_, "/t"));
  put("_last_checkpoint");
  EXPECT_FALSE(has_log(*store_, "/t"));
  commits(0, 0);
  EXPECT_TRUE(has_log(*store_, "/t"));
  store_->put("/file/_delta_log", "x");
  EXPECT_FALSE(has_log(*store_, "/file"));
}

}  // namespace
}  // namespace delta
