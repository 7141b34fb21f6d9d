#include "delta/src/utf8.h"

#include <gtest/gtest.h>

namespace delta {
namespace {

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

}  // namespace
}  // namespace delta
