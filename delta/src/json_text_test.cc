#include "delta/src/json_text.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

namespace delta {
namespace {

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

}  // namespace
}  // namespace delta
