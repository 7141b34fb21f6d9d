// The small text formats: decimals, JSON strings and numbers, UTF-8, paths.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "delta/src/decimal_text.h"
#include "delta/src/json_text.h"
#include "delta/src/path_encoding.h"
#include "delta/src/utf8.h"

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

std::string json_string(std::string_view text) {
  std::string out;
  append_json_string(out, text);
  return out;
}

TEST(JsonTextTest, EscapesWhatMustBeEscaped) {
  EXPECT_EQ(json_string("a\"b\\c\n\r\t\x01é"), "\"a\\\"b\\\\c\\n\\r\\t\\u0001é\"");
  std::string every_byte;
  for (int c = 1; c < 128; ++c) every_byte += static_cast<char>(c);
  EXPECT_EQ(nlohmann::json::parse(json_string(every_byte)), every_byte);
}

TEST(JsonTextTest, ReplacesBytesThatAreNoText) {
  EXPECT_EQ(json_string("a\xff z"), "\"a\xEF\xBF\xBD z\"");
}

TEST(JsonTextTest, WritesNumbersThatReadBackTheSame) {
  for (const double number : {0.0, 1.0, -0.1, 1e300, 5e-324, 123456789.123}) {
    std::string text;
    append_json_number(text, number);
    EXPECT_EQ(std::strtod(text.c_str(), nullptr), number);
    EXPECT_NE(text.find_first_of(".e"), std::string::npos) << text;
  }
}

TEST(Utf8Test, FindsWhereTextStopsBeingValid) {
  EXPECT_TRUE(is_valid_utf8("aé€😀"));
  EXPECT_EQ(valid_utf8_prefix("a\x80"), 1u);
  EXPECT_FALSE(is_valid_utf8("\xC0\x80"));          // overlong
  EXPECT_FALSE(is_valid_utf8("\xED\xA0\x80"));      // surrogate
  EXPECT_FALSE(is_valid_utf8("\xF4\x90\x80\x80"));  // beyond U+10FFFF
  EXPECT_FALSE(is_valid_utf8("\xE2\x82"));          // cut off
}

TEST(Utf8Test, CutsBetweenCodePoints) {
  EXPECT_EQ(first_code_points("a€😀b", 3), "a€😀");
  EXPECT_EQ(first_code_points("ab", 3), "ab");
}

TEST(Utf8Test, FindsTheStringAfterAllWithAPrefix) {
  EXPECT_EQ(after_all_with_prefix("ab"), "ac");
  EXPECT_EQ(after_all_with_prefix("a\x7f"), "a\xC2\x80");
  EXPECT_EQ(after_all_with_prefix("\xED\x9F\xBF"), "\xEE\x80\x80");  // over the surrogates
  EXPECT_EQ(after_all_with_prefix("a\xF4\x8F\xBF\xBF"), "b");
  EXPECT_EQ(after_all_with_prefix("\xF4\x8F\xBF\xBF"), std::nullopt);
  EXPECT_EQ(after_all_with_prefix(""), std::nullopt);
}

TEST(PathEncodingTest, ResolvesEscapes) {
  EXPECT_EQ(percent_decode("p=a%20b%252F+%C3%A9%23%3F:/%22f%22"), "p=a b%2F+é#?:/\"f\"");
}

TEST(PathEncodingTest, LeavesAloneWhatIsNoEscape) {
  EXPECT_EQ(percent_decode("100%"), "100%");
  EXPECT_EQ(percent_decode("%zz%4"), "%zz%4");
  EXPECT_EQ(percent_decode("%41"), "A");
}

TEST(PathEncodingTest, FindsTheFileThatAPathNames) {
  EXPECT_EQ(canonical_path("file:///a%20b"), "/a b");
  EXPECT_EQ(canonical_path("file:/a"), "/a");
  EXPECT_EQ(canonical_path("a/b"), "a/b");
  EXPECT_TRUE(is_absolute("/a"));
  EXPECT_TRUE(is_absolute("s3://b/a"));
  EXPECT_FALSE(is_absolute("a/b"));
  EXPECT_FALSE(is_absolute("a/b://c"));
}

}  // namespace
}  // namespace delta
