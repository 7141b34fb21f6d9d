#include "delta/value.h"

#include <gtest/gtest.h>

#include <limits>

namespace delta {
namespace {

using Order = std::partial_ordering;
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

TEST(ValueTest, OrdersValuesOfOneType) {
  EXPECT_EQ(compare(false, true), Order::less);
  EXPECT_EQ(compare(std::int64_t{2}, std::int64_t{1}), Order::greater);
  EXPECT_EQ(compare(std::string("a"), std::string("é")), Order::less);
  EXPECT_EQ(compare(std::string("\xEF\xBF\xBF"), std::string("\xF0\x90\x80\x80")), Order::less);
  EXPECT_EQ(compare(Date{1}, Date{1}), Order::equivalent);
  EXPECT_EQ(compare(Timestamp{-1}, Timestamp{0}), Order::less);
  EXPECT_EQ(compare(TimestampNtz{1}, TimestampNtz{0}), Order::greater);
  EXPECT_EQ(compare(Binary{"\xff"}, Binary{"a"}), Order::greater);
}

TEST(ValueTest, PutsNanAboveAllNumbersAndTakesZerosAsEqual) {
  EXPECT_EQ(compare(kNan, kInfinity), Order::greater);
  EXPECT_EQ(compare(1.0, kNan), Order::less);
  EXPECT_EQ(compare(kNan, kNan), Order::equivalent);
  EXPECT_EQ(compare(-0.0, 0.0), Order::equivalent);
}

TEST(ValueTest, OrdersIntegersAgainstDoublesExactly) {
  const std::int64_t large = (std::int64_t{1} << 53) + 1;
  EXPECT_EQ(compare(large, 9007199254740992.0), Order::greater);
  EXPECT_EQ(compare(9007199254740992.0, large), Order::less);
  EXPECT_EQ(compare(std::int64_t{-2}, -1.5), Order::less);
  EXPECT_EQ(compare(std::int64_t{-1}, -1.5), Order::greater);
  EXPECT_EQ(compare(std::int64_t{3}, 3.0), Order::equivalent);
  EXPECT_EQ(compare(std::numeric_limits<std::int64_t>::max(), 1e300), Order::less);
  EXPECT_EQ(compare(std::numeric_limits<std::int64_t>::min(), -kInfinity), Order::greater);
  EXPECT_EQ(compare(std::int64_t{0}, kNan), Order::less);
}

TEST(ValueTest, OrdersDecimalsOfDifferentScales) {
  EXPECT_EQ(compare(Decimal{150, 5, 2}, Decimal{15, 5, 1}), Order::equivalent);
  EXPECT_EQ(compare(Decimal{-151, 5, 2}, Decimal{-15, 5, 1}), Order::less);
  EXPECT_EQ(compare(Decimal{1, 38, 38}, Decimal{0, 1, 0}), Order::greater);
  EXPECT_EQ(compare(Decimal{1999, 5, 3}, std::int64_t{2}), Order::less);
  EXPECT_EQ(compare(std::int64_t{-2}, Decimal{-2001, 5, 3}), Order::greater);
}

TEST(ValueTest, HasNoOrderForNullsAndStrangers) {
  EXPECT_EQ(compare(Value(), Value()), std::nullopt);
  EXPECT_EQ(compare(Value(), std::int64_t{1}), std::nullopt);
  EXPECT_EQ(compare(Date{0}, Timestamp{0}), std::nullopt);
  EXPECT_EQ(compare(std::string("1"), std::int64_t{1}), std::nullopt);
  EXPECT_EQ(compare(true, std::int64_t{1}), std::nullopt);
}

}  // namespace
}  // namespace delta
