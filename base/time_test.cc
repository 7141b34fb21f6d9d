#include "base/time.h"

#include <gtest/gtest.h>

namespace base {
namespace {

TEST(Time, WritesNoFractionForWholeSeconds) {
  EXPECT_EQ(to_rfc3339(0), "1970-01-01T00:00:00Z");
  EXPECT_EQ(to_rfc3339(1'709'251'199'000'000), "2024-02-29T23:59:59Z");
}

TEST(Time, WritesThreeOrSixFractionDigits) {
  EXPECT_EQ(to_rfc3339(1'120'000), "1970-01-01T00:00:01.120Z");
  EXPECT_EQ(to_rfc3339(1'000'001), "1970-01-01T00:00:01.000001Z");
}

TEST(Time, WritesTimesBeforeTheEpoch) { EXPECT_EQ(to_rfc3339(-1), "1969-12-31T23:59:59.999999Z"); }

TEST(Time, TheClocksAgree) {
  const std::int64_t before = now_ms();
  const std::int64_t between = now_us();
  EXPECT_LE(before, between / 1000);
  EXPECT_LE(between, now_us());
  EXPECT_GT(before, 1'700'000'000'000);
}

}  // namespace
}  // namespace base
