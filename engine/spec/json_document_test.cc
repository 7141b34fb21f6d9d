#include "engine/spec/json_document.h"

#include <gtest/gtest.h>

#include "base/error.h"

namespace engine {
namespace {

base::Error error_of(std::string_view text) {
  try {
    parse_json(text, "$");
  } catch (const base::Error& error) {
    return error;
  }
  return {base::Stage::kRuntime, "NO_ERROR", "the text was accepted"};
}

void expect_refused(std::string_view text) {
  EXPECT_EQ(error_of(text).code(), "INVALID_SPEC_JSON") << text;
}

TEST(JsonDocument, KeepsTheOrderOfFieldsAndRepeatedOnes) {
  const auto root = parse_json(R"({"b": 1, "a": 2, "b": 3})", "$");
  const auto& object = std::get<JsonObject>(root.value);
  ASSERT_EQ(object.size(), 3U);
  EXPECT_EQ(object[0].name, "b");
  EXPECT_EQ(object[2].name, "b");
  EXPECT_EQ(root.to_json(), nlohmann::json::parse(R"({"a": 2, "b": 3})"));
}

TEST(JsonDocument, SaysTheLineAndTheColumnOfASyntaxError) {
  const auto error = error_of("{\n  \"ü\": tru\n}");
  EXPECT_EQ(error.details().at("line"), "2");
  EXPECT_EQ(error.details().at("column"), "11");
  EXPECT_NE(error.message().find("line 2, column 11"), std::string::npos) << error.message();
  EXPECT_EQ(error.message().find('\n'), std::string::npos) << error.message();
}

TEST(JsonDocument, RefusesWhatIsNotStrictJson) {
  for (const auto* text : {"", " ", "{", "[1,]", "{\"a\":1,}", "{'a':1}", "{\"a\":01}", "nul",
                           "NaN", "[1] 2", "\"\n\"", "// c\n1", "1.", ".5", "+1", R"("\x")"}) {
    expect_refused(text);
  }
  expect_refused("\xef\xbb\xbf{}");
  expect_refused(std::string_view("{}\0", 3));
}

TEST(JsonDocument, RefusesTextThatIsNotUnicode) {
  expect_refused("\"\xff\"");
  expect_refused("\"\xc3\"");
  expect_refused("\"\xed\xa0\x80\"");
  expect_refused(R"("\ud800")");
  expect_refused(R"("\udc00\ud800")");
  EXPECT_EQ(std::get<std::string>(parse_json(R"("\ud83d\ude00")", "$").value), "😀");
}

TEST(JsonDocument, RefusesNumbersThatNoDoubleHolds) {
  expect_refused("1e400");
  expect_refused("-1e400");
  EXPECT_EQ(std::get<double>(parse_json("1e-400", "$").value), 0);
}

TEST(JsonDocument, TellsIntegersFromOtherNumbers) {
  EXPECT_EQ(std::get<std::uint64_t>(parse_json("18446744073709551615", "$").value), UINT64_MAX);
  EXPECT_EQ(std::get<std::int64_t>(parse_json("-9223372036854775808", "$").value), INT64_MIN);
  EXPECT_EQ(std::get<double>(parse_json("18446744073709551616", "$").value), 18446744073709551616.);
  EXPECT_EQ(std::get<double>(parse_json("1.0", "$").value), 1);
  EXPECT_TRUE(std::signbit(std::get<double>(parse_json("-0", "$").value)));
}

TEST(JsonDocument, LimitsTheDepthOfNesting) {
  const auto nested = [](int depth) {
    return std::string(static_cast<std::size_t>(depth), '[') +
           std::string(static_cast<std::size_t>(depth), ']');
  };
  EXPECT_NO_THROW(parse_json(nested(kMaxJsonDepth), "$"));
  expect_refused(nested(kMaxJsonDepth + 1));
  expect_refused(nested(1'000'000));
}

}  // namespace
}  // namespace engine
