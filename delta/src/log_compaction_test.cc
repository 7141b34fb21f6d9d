#include "delta/log_compaction.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "delta/checkpoint.h"
#include "delta/testing/hand_made_log.h"

namespace delta {
namespace {

using Paths = std::vector<std::string>;

class LogCompactionTest : public testing::Test {
 protected:
  void remove_commits(std::int64_t first, std::int64_t last) {
    for (std::int64_t version = first; version <= last; ++version) {
      log_.store()->remove(log_.log_path(log_name(version, ".json")));
    }
  }
  std::string code_of(std::int64_t first) {
    try {
      compact_log(*log_.load(), first);
      return "";
    } catch (const base::Error& error) {
      return error.code();
    }
  }

  HandMadeLog log_;
};

TEST_F(LogCompactionTest, HoldsTheNewestOfEachAction) {
  log_.create({}, {"domainMetadata"});
  log_.commit({HandMadeLog::add("f1"), SetTransaction{"app", 1, std::nullopt}});
  log_.commit({HandMadeLog::remove("f1", HandMadeLog::kNow), HandMadeLog::add("f2"),
               SetTransaction{"app", 2, std::nullopt}, DomainMetadata{"d", "1", false}});
  log_.commit({HandMadeLog::add("f3"), AddCdcFile{"_change_data/c", {}, 1},
               DomainMetadata{"d", "2", false}});
  const LogCompactionResult result = compact_log(*log_.load(), 1);
  EXPECT_TRUE(result.written);
  EXPECT_EQ(result.path, log_.log_path("00000000000000000001.00000000000000000003.compacted.json"));
  EXPECT_EQ(result.actions, 5);  // txn, domain, f2, f3 and the removal of f1
  EXPECT_EQ(result.bytes, static_cast<std::int64_t>(log_.store()->read(result.path).size()));
  remove_commits(1, 2);
  EXPECT_EQ(log_.files(), (Paths{"f2", "f3"}));
  EXPECT_EQ(log_.load()->transaction_version("app"), 2);
  EXPECT_EQ(log_.load()->domain_metadata().at("d").configuration, "2");
}

TEST_F(LogCompactionTest, KeepsRemovalsOfWhatEarlierVersionsHold) {
  log_.create({}, {"domainMetadata"});
  log_.commit({HandMadeLog::add("f1"), DomainMetadata{"d", "1", false}});
  write_checkpoint(*log_.load(), {.clock = log_.clock()});
  log_.commit({HandMadeLog::remove("f1", 1), DomainMetadata{"d", "1", true}});  // long ago
  log_.commit({HandMadeLog::add("f2")});
  compact_log(*log_.load(), 2);
  remove_commits(0, 2);
  EXPECT_EQ(log_.files(), Paths{"f2"});
  EXPECT_TRUE(log_.load()->domain_metadata().empty());
}

TEST_F(LogCompactionTest, IsNotWrittenAgainUnlessItIsBroken) {
  log_.create();
  log_.commit({HandMadeLog::add("f1")});
  const std::string path = compact_log(*log_.load(), 0).path;
  EXPECT_FALSE(compact_log(*log_.load(), 0).written);
  log_.store()->put(path, "{\"add\":");
  EXPECT_TRUE(compact_log(*log_.load(), 0).written);
  remove_commits(0, 0);
  EXPECT_EQ(log_.files(), Paths{"f1"});
}

TEST_F(LogCompactionTest, NeedsTwoCommitsThatAreThere) {
  log_.create();
  log_.commit({HandMadeLog::add("f1")});
  log_.commit({HandMadeLog::add("f2")});
  EXPECT_EQ(code_of(2), "DELTA_VERSION_NOT_FOUND");
  EXPECT_EQ(code_of(-1), "DELTA_VERSION_NOT_FOUND");
  write_checkpoint(*log_.load(), {.clock = log_.clock()});
  remove_commits(0, 1);
  EXPECT_EQ(code_of(1), "DELTA_VERSION_NOT_FOUND");
}

}  // namespace
}  // namespace delta
