#include "delta/src/arrow_column.h"

#include <gtest/gtest.h>

#include <stdexcept>

#include "delta/testing/arrow_builder.h"

namespace delta {
namespace {

using nlohmann::json;

DataType of(TypeKind kind) { return DataType::primitive(kind); }

class ArrowStringsTest : public testing::TestWithParam<ArrowStrings> {};

TEST_P(ArrowStringsTest, ReadsStringsOfEveryLayout) {
  const std::vector<json> values = {
      "", nullptr, "short", "exactly12byt", "thirteen bytes é", "short", std::string(1000, 'x')};
  for (const std::int64_t offset : {0, 2, 6}) {
    const ArrowBuilder built(of(TypeKind::kString), values, GetParam(), offset);
    const ArrowColumn column(built.schema(), built.array());
    ASSERT_EQ(column.length(), 7 - offset);
    for (std::int64_t row = 0; row < column.length(); ++row) {
      const json& expected = values[static_cast<std::size_t>(row + offset)];
      EXPECT_EQ(column.is_null(row), expected.is_null());
      if (expected.is_null()) continue;
      EXPECT_EQ(column.text(row), expected.get<std::string>());
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Layouts, ArrowStringsTest,
                         testing::Values(ArrowStrings::kUtf8, ArrowStrings::kLargeUtf8,
                                         ArrowStrings::kView, ArrowStrings::kDictionary));

TEST(ArrowColumnTest, ReadsNumbersOfEveryWidth) {
  for (const TypeKind kind : {TypeKind::kByte, TypeKind::kShort, TypeKind::kInteger,
                              TypeKind::kLong, TypeKind::kDate, TypeKind::kTimestamp}) {
    const ArrowBuilder built(of(kind), {-100, nullptr, 100});
    const ArrowColumn column(built.schema(), built.array());
    EXPECT_EQ(column.integer(0), -100);
    EXPECT_TRUE(column.is_null(1));
    EXPECT_EQ(column.integer(2), 100);
    EXPECT_THROW(column.text(0), std::invalid_argument);
    EXPECT_THROW(column.boolean(0), std::invalid_argument);
  }
  const ArrowBuilder single(of(TypeKind::kFloat), {0.5});
  EXPECT_EQ(ArrowColumn(single.schema(), single.array()).number(0), 0.5);
  const ArrowBuilder wide(of(TypeKind::kDouble), {1e300});
  EXPECT_EQ(ArrowColumn(wide.schema(), wide.array()).number(0), 1e300);
  const ArrowBuilder decimal(DataType::decimal(20, 2), {"-12345678901234567890"});
  EXPECT_EQ(ArrowColumn(decimal.schema(), decimal.array()).decimal(0),
            -static_cast<__int128>(12345678901234567890u));
}

TEST(ArrowColumnTest, ReadsBooleansAcrossBytes) {
  std::vector<json> values;
  for (int i = 0; i < 30; ++i) values.emplace_back(i % 3 == 0);
  const ArrowBuilder built(of(TypeKind::kBoolean), values, ArrowStrings::kUtf8, 5);
  const ArrowColumn column(built.schema(), built.array());
  for (std::int64_t row = 0; row < 25; ++row) EXPECT_EQ(column.boolean(row), (row + 5) % 3 == 0);
}

TEST(ArrowColumnTest, ReadsNestedColumnsOfASlice) {
  const DataType map = DataType::map_of(of(TypeKind::kString), of(TypeKind::kLong), true);
  const DataType list = DataType::array_of(DataType::struct_of({{"x", of(TypeKind::kLong)}}), true);
  const DataType row_type = DataType::struct_of({{"m", map}, {"l", list}});
  const std::vector<json> rows = {
      json{{"m", {{"a", 1}}}, {"l", json::array({json{{"x", 1}}})}}, nullptr,
      json{{"m", {{"b", 2}, {"c", nullptr}}}, {"l", json::array({json{{"x", 2}}, nullptr})}},
      json{{"m", nullptr}, {"l", json::array()}}};
  const ArrowBuilder built(row_type, rows, ArrowStrings::kUtf8, 1);
  const ArrowColumn column(built.schema(), built.array());
  EXPECT_TRUE(column.is_null(0));
  EXPECT_FALSE(column.field("none"));

  const ArrowColumn maps = *column.field("m");
  const auto entries = maps.elements(1);
  EXPECT_EQ(entries.end - entries.begin, 2);
  const ArrowColumn pairs = maps.child(0);
  EXPECT_EQ(pairs.child(0).text(entries.begin), "b");
  EXPECT_EQ(pairs.child(1).integer(entries.begin), 2);
  EXPECT_TRUE(pairs.child(1).is_null(entries.begin + 1));
  EXPECT_TRUE(maps.is_null(2));

  const ArrowColumn lists = *column.field("l");
  const auto elements = lists.elements(1);
  EXPECT_EQ(elements.end - elements.begin, 2);
  EXPECT_EQ(lists.child(0).field("x")->integer(elements.begin), 2);
  EXPECT_TRUE(lists.child(0).is_null(elements.begin + 1));
  EXPECT_EQ(lists.elements(2).begin, lists.elements(2).end);
}

TEST(ArrowColumnTest, RefusesArraysThatDoNotFit) {
  ArrowBuilder built(of(TypeKind::kString), {"a"});
  built.array().n_buffers = 2;
  EXPECT_THROW(ArrowColumn(built.schema(), built.array()), std::invalid_argument);
  ArrowBuilder list(DataType::array_of(of(TypeKind::kLong), true), {json::array({1, 2})});
  list.array().children[0]->length = 1;
  EXPECT_THROW(ArrowColumn(list.schema(), list.array()).elements(0), std::invalid_argument);
  list.array().n_children = 0;
  EXPECT_THROW(ArrowColumn(list.schema(), list.array()), std::invalid_argument);
}

}  // namespace
}  // namespace delta
