#include "engine/compiler/calendar.h"

#include <gtest/gtest.h>

namespace engine {
namespace {

TEST(Calendar, ReadsDates) {
  EXPECT_EQ(parse_date("1970-01-01"), delta::Date{0});
  EXPECT_EQ(parse_date("1969-12-31"), delta::Date{-1});
  EXPECT_EQ(parse_date("2024-02-29"), delta::Date{19782});
}

TEST(Calendar, RefusesWhatIsNoDate) {
  for (const auto* text : {"", "2023-02-29", "2024-13-01", "2024-1-01", "2024-01-01 ", "24-01-01",
                           "2024/01/01", "0000-01-01", "2024-01-01T00:00"}) {
    EXPECT_EQ(parse_date(text), std::nullopt) << text;
  }
}

TEST(Calendar, ReadsTimestampsToTheMicrosecond) {
  EXPECT_EQ(parse_timestamp("1970-01-01T00:00"), delta::TimestampNtz{0});
  EXPECT_EQ(parse_timestamp("1970-01-01 00:00:01.5"), delta::TimestampNtz{1'500'000});
  EXPECT_EQ(parse_timestamp("1970-01-02T01:02:03.123456789"), delta::TimestampNtz{90'123'123'456});
}

TEST(Calendar, RefusesWhatIsNoTimestamp) {
  for (const auto* text :
       {"", "2024-01-01", "2024-01-01T", "2024-01-01T24:00:00", "2024-01-01T00:60",
        "2024-01-01T00:00:60", "2024-01-01T00:00:00.", "2024-01-01T00:00:00Z",
        "2024-01-01T00:00:00+01:00", "2024-01-01T00:00:00.1234567890"}) {
    EXPECT_EQ(parse_timestamp(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace engine
