#include "delta/src/arrow_json.h"

#include <gtest/gtest.h>

#include "delta/testing/arrow_builder.h"

namespace delta {
namespace {

using nlohmann::json;

DataType of(TypeKind kind) { return DataType::primitive(kind); }

std::string as_json(const DataType& type, const json& value,
                    ArrowStrings strings = ArrowStrings::kUtf8) {
  const ArrowBuilder built(type, {value}, strings);
  std::string out;
  append_json(ArrowColumn(built.schema(), built.array()), 0, out);
  return out;
}

TEST(ArrowJsonTest, SpellsEveryTypeAsStatisticsDo) {
  EXPECT_EQ(as_json(of(TypeKind::kLong), -5), "-5");
  EXPECT_EQ(as_json(of(TypeKind::kByte), 5), "5");
  EXPECT_EQ(as_json(of(TypeKind::kDouble), 3.0), "3.0");
  EXPECT_EQ(as_json(of(TypeKind::kBoolean), true), "true");
  EXPECT_EQ(as_json(of(TypeKind::kDate), 18878), "\"2021-09-08\"");
  EXPECT_EQ(as_json(of(TypeKind::kTimestamp), -1), "\"1969-12-31T23:59:59.999999Z\"");
  EXPECT_EQ(as_json(of(TypeKind::kTimestampNtz), 1), "\"1970-01-01T00:00:00.000001\"");
  EXPECT_EQ(as_json(DataType::decimal(10, 2), "-1230"), "-12.30");
  for (const ArrowStrings strings : {ArrowStrings::kUtf8, ArrowStrings::kLargeUtf8,
                                     ArrowStrings::kView, ArrowStrings::kDictionary}) {
    EXPECT_EQ(as_json(of(TypeKind::kString), "a\"b", strings), "\"a\\\"b\"");
  }
}

TEST(ArrowJsonTest, LeavesOutMembersThatAreNull) {
  const DataType inner = DataType::struct_of({{"x", of(TypeKind::kLong)}});
  const DataType type = DataType::struct_of(
      {{"numRecords", of(TypeKind::kLong)}, {"minValues", inner}, {"maxValues", inner}});
  EXPECT_EQ(as_json(type, {{"numRecords", 3}, {"maxValues", {{"x", nullptr}}}}),
            R"({"numRecords":3,"maxValues":{}})");
  EXPECT_EQ(as_json(type, nullptr), "null");
}

TEST(ArrowJsonTest, SaysNullForWhatJsonCannotSay) {
  EXPECT_EQ(as_json(DataType::array_of(of(TypeKind::kLong), true), json::array({1})), "null");
}

}  // namespace
}  // namespace delta
