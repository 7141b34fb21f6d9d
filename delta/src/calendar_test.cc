#include "delta/src/calendar.h"

#include <gtest/gtest.h>

namespace delta {
namespace {

TEST(CalendarTest, WritesEveryDateAsItReadsIt) {
  for (std::int64_t days = -4000000; days <= 4000000; days += 97) {
    const Date date{static_cast<std::int32_t>(days)};
    EXPECT_EQ(parse_date(format_date(date)), date) << days;
  }
}

TEST(CalendarTest, KnowsLeapYears) {
  EXPECT_EQ(parse_date("2000-02-29"), Date{11016});
  EXPECT_EQ(parse_date("1900-02-29"), std::nullopt);
  EXPECT_EQ(parse_date("2024-02-29"), Date{19782});
  EXPECT_EQ(format_date(Date{2932897}), "+10000-01-01");
  EXPECT_EQ(format_date(Date{-719529}), "-0001-12-31");
}

TEST(CalendarTest, WritesTimestampsBeforeTheEpoch) {
  EXPECT_EQ(format_timestamp(-1, 'T', 6), "1969-12-31T23:59:59.999999");
  EXPECT_EQ(format_timestamp(-1, ' ', 3), "1969-12-31 23:59:59.999");
  EXPECT_EQ(format_timestamp(-kMicrosPerDay, ' ', 0), "1969-12-31 00:00:00");
}

TEST(CalendarTest, ReadsWhatItWritesToTheMicrosecond) {
  for (std::int64_t micros = -62135596800000000; micros < 253402300799999999;
       micros += 7777777777777777) {
    EXPECT_EQ(parse_timestamp(format_timestamp(micros, 'T', 6) + "Z"), micros);
  }
}

}  // namespace
}  // namespace delta
