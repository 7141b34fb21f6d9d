#include "delta/src/decimal_text.h"

#include <gtest/gtest.h>

#include <string>

namespace delta {
namespace {

__int128 greatest_decimal() {
  __int128 number = 1;
  for (int i = 0; i < 38; ++i) number *= 10;
  return number - 1;
}

TEST(DecimalTextTest, PutsThePointWhereTheScaleSays) {
  EXPECT_EQ(format_decimal({-5, 10, 3}), "-0.005");
  EXPECT_EQ(format_decimal({0, 10, 2}), "0.00");
  EXPECT_EQ(format_decimal({12345, 10, 0}), "12345");
  EXPECT_EQ(format_decimal({greatest_decimal(), 38, 38}), "0." + std::string(38, '9'));
}

TEST(DecimalTextTest, ReadsAllDigits) {
  const std::string digits(38, '9');
  EXPECT_EQ(parse_decimal("-" + digits, 38, 0), (Decimal{-greatest_decimal(), 38, 0}));
  EXPECT_EQ(parse_decimal("000" + digits, 38, 0)->unscaled, greatest_decimal());
  EXPECT_EQ(parse_decimal("1" + digits, 38, 0), std::nullopt);
  EXPECT_EQ(parse_decimal("1.50000", 3, 1), (Decimal{15, 3, 1}));
  EXPECT_EQ(parse_decimal("", 3, 1), std::nullopt);
  EXPECT_EQ(parse_decimal("1e", 3, 1), std::nullopt);
}

}  // namespace
}  // namespace delta
