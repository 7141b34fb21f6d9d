#include "duck/append_columns.h"

#include <gtest/gtest.h>

namespace duck {
namespace {

using delta::DataType;
using delta::Schema;
using delta::TypeKind;

const DataType kLong = DataType::primitive(TypeKind::kLong);
const DataType kInteger = DataType::primitive(TypeKind::kInteger);
const DataType kString = DataType::primitive(TypeKind::kString);

Schema schema(std::vector<delta::StructField> fields) { return {.fields = std::move(fields)}; }

// The reason, or "".
std::string obstacle(const Schema& table, const Schema& rows) {
  const auto found = append_obstacle(table, rows);
  return found ? found->reason : "";
}

TEST(AppendColumns, FitByNameInAnyOrder) {
  EXPECT_EQ(
      obstacle(schema({{"a", kLong}, {"b", kString}}), schema({{"B", kString}, {"a", kLong}})), "");
}

TEST(AppendColumns, FitIntoLongerTypes) {
  const Schema table = schema({{"i", kLong},
                               {"f", DataType::primitive(TypeKind::kDouble)},
                               {"d", DataType::decimal(12, 3)}});
  const Schema rows = schema({{"i", kInteger},
                              {"f", DataType::primitive(TypeKind::kFloat)},
                              {"d", DataType::decimal(10, 2)}});
  EXPECT_EQ(obstacle(table, rows), "");
}

TEST(AppendColumns, DoNotFitIntoShorterTypes) {
  EXPECT_EQ(obstacle(schema({{"i", kInteger}}), schema({{"i", kLong}})),
            "column 'i' is integer in the table, and long does not fit into it");
  EXPECT_NE(obstacle(schema({{"d", DataType::decimal(10, 3)}}),
                     schema({{"d", DataType::decimal(10, 2)}})),
            "");
}

TEST(AppendColumns, FitInsideNestedTypes) {
  const auto list_of = [](DataType type) { return DataType::array_of(std::move(type), true); };
  EXPECT_EQ(obstacle(schema({{"l", list_of(kLong)}}), schema({{"l", list_of(kInteger)}})), "");
  EXPECT_NE(obstacle(schema({{"l", list_of(kString)}}), schema({{"l", list_of(kLong)}})), "");
  const auto struct_of = [](const std::string& name) {
    return DataType::struct_of({{name, kLong}});
  };
  EXPECT_NE(obstacle(schema({{"s", struct_of("x")}}), schema({{"s", struct_of("y")}})), "");
}

TEST(AppendColumns, DoNotFitWhenTheTableLacksOne) {
  EXPECT_EQ(obstacle(schema({{"a", kLong}}), schema({{"a", kLong}, {"b", kLong}})),
            "the table has no column 'b'");
}

TEST(AppendColumns, MayBeMissingWhenTheTableAllowsNull) {
  const Schema rows = schema({{"a", kLong}});
  EXPECT_EQ(obstacle(schema({{"a", kLong}, {"b", kLong}}), rows), "");
  EXPECT_NE(obstacle(schema({{"a", kLong}, {"b", kLong, false}}), rows), "");
}

TEST(AppendColumns, MayBeMissingWhenTheTableFillsThemIn) {
  Schema table = schema({{"a", kLong}, {"b", kLong, false}, {"c", kLong, false}});
  table.fields[1].metadata["CURRENT_DEFAULT"] = "1";
  table.fields[2].metadata["delta.generationExpression"] = "a + 1";
  EXPECT_EQ(obstacle(table, schema({{"a", kLong}})), "");
}

}  // namespace
}  // namespace duck
