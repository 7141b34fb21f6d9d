#include "duck/rewrite_memory.h"

#include <gtest/gtest.h>

namespace duck {
namespace {

constexpr std::int64_t kMiB = 1 << 20;

TEST(ShareMemory, WithEnoughOfItNobodyWaits) {
  const RewriteShares shares = share_memory(
      {.memory_limit_bytes = 2048 * kMiB, .threads = 4, .row_group_bytes = 16 * kMiB, .bins = 100});
  EXPECT_EQ(shares.bins, 4);
  EXPECT_EQ(shares.scan_threads, 0);
  EXPECT_EQ(shares.new_row_group_bytes, 64 * kMiB);
}

TEST(ShareMemory, ThreadsReadAtATimeWhatHasRoomInMemory) {
  RewriteWork work = {
      .memory_limit_bytes = 512 * kMiB, .threads = 8, .row_group_bytes = 32 * kMiB, .bins = 1};
  EXPECT_EQ(share_memory(work).scan_threads, 3);
  work.bins = 2;
  RewriteShares shares = share_memory(work);
  EXPECT_EQ(shares.bins, 2);
  EXPECT_EQ(shares.scan_threads, 1);
  work.bins = 100;
  shares = share_memory(work);
  EXPECT_EQ(shares.bins, 3);
  EXPECT_EQ(shares.scan_threads, 1);
}

TEST(ShareMemory, OneThreadReadsHoweverLowTheLimit) {
  const RewriteShares shares = share_memory(
      {.memory_limit_bytes = 64 * kMiB, .threads = 8, .row_group_bytes = 128 * kMiB, .bins = 10});
  EXPECT_EQ(shares.bins, 1);
  EXPECT_EQ(shares.scan_threads, 1);
  EXPECT_EQ(shares.new_row_group_bytes, 8 * kMiB);
}

TEST(ShareMemory, SortsLeaveWhatReadersNeed) {
  const RewriteShares shares = share_memory({.memory_limit_bytes = 256 * kMiB,
                                             .threads = 2,
                                             .row_group_bytes = 15 * kMiB,
                                             .bins = 1,
                                             .sorts = true});
  EXPECT_EQ(shares.scan_threads, 0);
  EXPECT_GE(shares.reserved_bytes, 2 * 3 * 15 * kMiB);
  EXPECT_LE(shares.reserved_bytes, 128 * kMiB);
  EXPECT_EQ(shares.new_row_group_bytes, 32 * kMiB) << "one thread writes";
}

TEST(ShareMemory, NothingIsKnownOfTheRowGroups) {
  const RewriteShares shares = share_memory(
      {.memory_limit_bytes = 64 * kMiB, .threads = 2, .row_group_bytes = 0, .bins = 2});
  EXPECT_EQ(shares.bins, 2);
  EXPECT_EQ(shares.scan_threads, 0);
}

// The table of docs/delta.md, "Memory".
TEST(EnoughMemory, IsWhatTheDocumentsSay) {
  EXPECT_LE(enough_memory(4 * kMiB), 96 * kMiB);
  EXPECT_LE(enough_memory(15 * kMiB), 160 * kMiB);
  EXPECT_LE(enough_memory(128 * kMiB), 832 * kMiB);
}

}  // namespace
}  // namespace duck
