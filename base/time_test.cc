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

TEST(Time, ReadsWhatItWrites) {
  for (const std::int64_t micros : {std::int64_t{0}, std::int64_t{-1}, std::int64_t{1'120'000},
                                    std::int64_t{1'709'251'199'000'001}}) {
    EXPECT_EQ(parse_rfc3339(to_rfc3339(micros)), micros);
  }
  EXPECT_EQ(parse_rfc3339("1970-01-01T00:00:01.123456789Z"), 1'123'456);
}

TEST(Time, ReadsNothingElse) {
  for (const char* text : {"", "Z", "1970-01-01", "1970-01-01T00:00:00", "1970-01-01 00:00:00Z",
                           "1970-02-30T00:00:00Z", "1970-01-01T24:00:00Z", "1970-01-01T00:60:00Z",
                           "1970-01-01T00:00:00.Z", "1970-01-01T00:00:00.1xZ",
                           "1970-01-01T00:00:00+01:00", "1970-01-01T0a:00:00Z"}) {
    EXPECT_EQ(parse_rfc3339(text), std::nullopt) << text;
  }
}

TEST(Time, TheClocksAgree) {
  const std::int64_t before = now_ms();
  const std::int64_t between = now_us();
  EXPECT_LE(before, between / 1000);
  EXPECT_LE(between, now_us());
  EXPECT_GT(before, 1'700'000'000'000);
}

}  // namespace
}  // namespace base
