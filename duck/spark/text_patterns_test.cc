#include "duck/spark/text_patterns.h"

#include <gtest/gtest.h>

#include "base/error.h"

namespace duck::spark {
namespace {

template <typename Action>
bool refuses(const Action& action) {
  try {
    action();
  } catch (const base::Error& error) {
    return error.code() == "DELTA_UNSUPPORTED_EXPRESSION";
  }
  return false;
}

TEST(SparkTextPatterns, LikeEscapesOnlyWhatItMay) {
  check_like_pattern(R"(10\%\_\\)", '\\');
  check_like_pattern(R"(a\b/%)", '/');
  EXPECT_TRUE(refuses([] { check_like_pattern(R"(a\b)", '\\'); }));
  EXPECT_TRUE(refuses([] { check_like_pattern(R"(a\)", '\\'); }));
}

TEST(SparkTextPatterns, RegularExpressionsKeepJavasMeaning) {
  EXPECT_EQ(re2_pattern("^[a-z]+\\d{2,3}(x|y)?"), "\\A[a-z]+\\d{2,3}(x|y)?");
  EXPECT_EQ(re2_pattern("a.b"), R"(a[^\n\r\x{85}\x{2028}\x{2029}]b)");
  EXPECT_EQ(re2_pattern("a$"), R"(a(?:\r\n|[\n\r\x{85}\x{2028}\x{2029}])?\z)");
  EXPECT_EQ(re2_pattern("\\s[^\\s-]\\$"), R"([ \t\n\x0B\f\r][^ \t\n\x0B\f\r-]\$)");
  EXPECT_EQ(re2_pattern("(?:a*?)"), "(?:a*?)");
}

TEST(SparkTextPatterns, RegularExpressionsOfOneKindAreRefused) {
  for (const std::string pattern : {"(?=a)", "(?i)a", "(a)\\1", "a++", "a{2}+", "\\bword", "\\p{L}",
                                    "[a&&b]", "[a[b]]", "[]a]", "[a", "a\\", "[\\S]", "\\Qa\\E"}) {
    EXPECT_TRUE(refuses([&] { re2_pattern(pattern); })) << pattern;
  }
}

TEST(SparkTextPatterns, DatePatternsAreThoseOfStrftime) {
  EXPECT_EQ(strftime_pattern("yyyy-MM-dd'T'HH:mm:ss.SSS"), "%Y-%m-%dT%H:%M:%S.%g");
  EXPECT_EQ(strftime_pattern("yyyyMMdd"), "%Y%m%d");
  for (const std::string pattern :
       {"yyyy-M", "YYYY", "EEE", "MMM", "z", "'a", "''", "'%'", "yyyy%"}) {
    EXPECT_TRUE(refuses([&] { strftime_pattern(pattern); })) << pattern;
  }
}

}  // namespace
}  // namespace duck::spark
