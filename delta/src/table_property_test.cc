#include "delta/src/table_property.h"

#include <gtest/gtest.h>

#include "base/error.h"

namespace delta {
namespace {

Metadata with(const std::string& key, const std::string& value) {
  Metadata metadata;
  metadata.configuration[key] = value;
  return metadata;
}

TEST(IntervalTest, IsASumOfUnits) {
  EXPECT_EQ(parse_interval_ms("interval 30 days"), 30 * kMsPerDay);
  EXPECT_EQ(parse_interval_ms("INTERVAL 1 Week"), 7 * kMsPerDay);
  EXPECT_EQ(parse_interval_ms("168 hours"), 7 * kMsPerDay);
  EXPECT_EQ(parse_interval_ms(" interval 1 day  12 hours 3 minutes 4 seconds 5 milliseconds "),
            kMsPerDay + 12 * kMsPerHour + 3 * 60000 + 4000 + 5);
  EXPECT_EQ(parse_interval_ms("interval 2500 microseconds"), 2);
  EXPECT_EQ(parse_interval_ms("0 months 5 weeks"), 35 * kMsPerDay);
  EXPECT_EQ(parse_interval_ms("106751991 days"), 106751991 * kMsPerDay);
}

TEST(IntervalTest, MayHaveSignsAndPartsOfSeconds) {
  EXPECT_EQ(parse_interval_ms("interval 12 days -1 hours"), 12 * kMsPerDay - kMsPerHour);
  EXPECT_EQ(parse_interval_ms("+ 1 day - 2.5 seconds"), kMsPerDay - 2500);
  EXPECT_EQ(parse_interval_ms("1. seconds"), 1000);
  EXPECT_EQ(parse_interval_ms("2.0019999 seconds .5 second"), 2501);
}

TEST(IntervalTest, IsNothingElse) {
  for (const char* text : {"",
                           "interval",
                           "30",
                           "days 30",
                           "interval 1 month",
                           "interval 1 year",
                           "interval -1 days",
                           "interval 1.5 days",
                           ". seconds",
                           "1.0000000001 seconds",
                           "--1 day",
                           "+",
                           "1 day +",
                           "40days",
                           "106751992 days",
                           "2147483648 days",
                           "-1 seconds",
                           "1 fortnight",
                           "interval 1 day 2",
                           "interval 9223372036854775807 days"}) {
    EXPECT_EQ(parse_interval_ms(text), std::nullopt) << text;
  }
}

TEST(WholeTest, IsDigitsAfterASign) {
  EXPECT_EQ(parse_whole("010"), 10);
  EXPECT_EQ(parse_whole("+10"), 10);
  EXPECT_EQ(parse_whole("-1"), -1);
  for (const char* text : {"", "+", "-", "+-1", " 1", "1 ", "1.0", "1e2", "9223372036854775808"}) {
    EXPECT_EQ(parse_whole(text), std::nullopt) << text;
  }
}

TEST(TablePropertyTest, HasADefault) {
  EXPECT_EQ(interval_property({}, "delta.logRetentionDuration", 5), 5);
  EXPECT_EQ(count_property({}, "delta.checkpointInterval", 10), 10);
  EXPECT_TRUE(flag_property({}, "delta.checkpoint.writeStatsAsJson", true));
  EXPECT_EQ(deleted_file_retention_ms({}), 7 * kMsPerDay);
}

TEST(TablePropertyTest, IsReadByItsType) {
  EXPECT_EQ(interval_property(with("k", "interval 2 days"), "k", 5), 2 * kMsPerDay);
  EXPECT_EQ(count_property(with("k", "3"), "k", 10), 3);
  EXPECT_FALSE(flag_property(with("k", "False"), "k", true));
}

TEST(TablePropertyTest, IsNamedWhenItIsNoneOfItsType) {
  const auto code_of = [](const auto& read) {
    try {
      read();
      return std::string("none");
    } catch (const base::Error& error) {
      return error.code() + " " + error.details().at("property");
    }
  };
  EXPECT_EQ(code_of([] { interval_property(with("k", "soon"), "k", 5); }),
            "DELTA_PROPERTY_INVALID k");
  EXPECT_EQ(code_of([] { count_property(with("k", "0"), "k", 5); }), "DELTA_PROPERTY_INVALID k");
  EXPECT_EQ(code_of([] { flag_property(with("k", "on"), "k", true); }), "DELTA_PROPERTY_INVALID k");
}

}  // namespace
}  // namespace delta
