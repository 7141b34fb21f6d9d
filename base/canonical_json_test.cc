#include "base/canonical_json.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace base {
namespace {

std::string number(double value) { return canonical_json(nlohmann::json(value)); }

TEST(CanonicalJson, SortsKeysByCodePointAtEveryLevel) {
  const auto value = nlohmann::json::parse(R"({"b":{"z":1,"a":2},"a":[],"é":0,"":3,"Z":null})");
  EXPECT_EQ(canonical_json(value), R"({"":3,"Z":null,"a":[],"b":{"a":2,"z":1},"é":0})");
}

TEST(CanonicalJson, SortsKeysOutsideTheBasicPlaneAfterThoseInside) {
  const auto value = nlohmann::json::parse(R"({"\ud83d\ude00":1,"\uff5e":2})");
  EXPECT_EQ(canonical_json(value), "{\"\uff5e\":2,\"\U0001F600\":1}");
}

TEST(CanonicalJson, EscapesOnlyWhatMustBe) {
  EXPECT_EQ(canonical_json(nlohmann::json("\"\\\b\f\n\r\t\x01\x1f\x7f/ü日")),
            "\"\\\"\\\\\\b\\f\\n\\r\\t\\u0001\\u001f\x7f/ü日\"");
  EXPECT_EQ(canonical_json(nlohmann::json(std::string(1, '\0'))), "\"\\u0000\"");
}

TEST(CanonicalJson, WritesIntegersOfTheFullRange) {
  EXPECT_EQ(canonical_json(nlohmann::json(std::numeric_limits<std::uint64_t>::max())),
            "18446744073709551615");
  EXPECT_EQ(canonical_json(nlohmann::json(std::numeric_limits<std::int64_t>::min())),
            "-9223372036854775808");
}

TEST(CanonicalJson, WritesFloatsShortestWithAFractionOrAnExponent) {
  EXPECT_EQ(number(1.0), "1.0");
  EXPECT_EQ(number(0.1), "0.1");
  EXPECT_EQ(number(-0.0), "-0.0");
  EXPECT_EQ(number(0.0), "0.0");
  EXPECT_EQ(number(-2.5), "-2.5");
  EXPECT_EQ(number(123456.789), "123456.789");
  EXPECT_EQ(number(0.00001), "0.00001");
  EXPECT_EQ(number(0.000012345), "0.000012345");
  EXPECT_EQ(number(0.0000099), "9.9e-6");
  EXPECT_EQ(number(1e-7), "1e-7");
  EXPECT_EQ(number(1e15), "1000000000000000.0");
  EXPECT_EQ(number(9007199254740993.0), "9007199254740992.0");
  EXPECT_EQ(number(1e16), "1e+16");
  EXPECT_EQ(number(1.5e21), "1.5e+21");
  EXPECT_EQ(number(1e300), "1e+300");
  EXPECT_EQ(number(5e-324), "5e-324");
  EXPECT_EQ(number(1.7976931348623157e308), "1.7976931348623157e+308");
}

TEST(CanonicalJson, WritesWhatIsNotFiniteAsNull) {
  EXPECT_EQ(number(std::numeric_limits<double>::infinity()), "null");
  EXPECT_EQ(number(std::nan("")), "null");
}

}  // namespace
}  // namespace base
