#include "base/quantity.h"

#include <gtest/gtest.h>

#include "base/error.h"

namespace base {
namespace {

TEST(Quantity, GroupsDigitsByThree) {
  EXPECT_EQ(count_text(0), "0");
  EXPECT_EQ(count_text(999), "999");
  EXPECT_EQ(count_text(1234567), "1,234,567");
  EXPECT_EQ(count_text(-1000), "-1,000");
}

TEST(Quantity, CountsNouns) {
  EXPECT_EQ(counted_text(1, "row"), "1 row");
  EXPECT_EQ(counted_text(2000, "row"), "2,000 rows");
}

TEST(Quantity, GivesSizesInBinaryUnits) {
  EXPECT_EQ(size_text(845), "845 B");
  EXPECT_EQ(size_text(1024), "1.0 KiB");
  EXPECT_EQ(size_text(12'897'485), "12.3 MiB");
  EXPECT_EQ(size_text((1 << 20) - 1), "1.0 MiB");
}

TEST(Quantity, GivesTimesInTheUnitThatFits) {
  EXPECT_EQ(duration_text(850'000), "850 ms");
  EXPECT_EQ(duration_text(3'210'000), "3.2 s");
  EXPECT_EQ(duration_text(125'000'000), "2 min 05 s");
  EXPECT_EQ(rate_text(2'167'813, 5'200'000, "row"), "416,887 rows/s");
  EXPECT_EQ(rate_text(2'167'813, 999, "row"), "");
}

TEST(Quantity, ReadsSizes) {
  EXPECT_EQ(parse_size("4096"), 4096);
  EXPECT_EQ(parse_size("2GiB"), 2LL << 30);
  EXPECT_EQ(parse_size("1.5g"), 3LL << 29);
  EXPECT_EQ(parse_size("500 MB"), 500'000'000);
}

TEST(Quantity, RefusesWhatIsNoSize) {
  for (const char* text : {"", "GiB", "-1", "0", "12q", "1e300GB", "1 KBB"}) {
    EXPECT_THROW(parse_size(text), Error) << text;
  }
}

}  // namespace
}  // namespace base
