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
            "column 'i' is integer in the table, and long does not fit into it (merging schemas "
            "would widen it, where the table has delta.enableTypeWidening)");
  EXPECT_EQ(obstacle(schema({{"i", kLong}}), schema({{"i", kString}})),
            "column 'i' is long in the table, and string does not fit into it");
  EXPECT_NE(obstacle(schema({{"d", DataType::decimal(10, 3)}}),
                     schema({{"d", DataType::decimal(10, 2)}})),
            "");
}

TEST(AppendColumns, FitInsideNestedTypes) {
  const auto list_of = [](DataType type) { return DataType::array_of(std::move(type), true); };
  EXPECT_EQ(obstacle(schema({{"l", list_of(kLong)}}), schema({{"l", list_of(kInteger)}})), "");
  EXPECT_NE(obstacle(schema({{"l", list_of(kString)}}), schema({{"l", list_of(kLong)}})), "");
}

TEST(AppendColumns, FieldsFitByNameInAnyOrder) {
  const auto table = DataType::struct_of({{"x", kLong}, {"y", kString}, {"z", kLong}});
  const auto rows = DataType::struct_of({{"Z", kLong}, {"X", kInteger}});
  EXPECT_EQ(obstacle(schema({{"s", table}}), schema({{"s", rows}})), "");
  EXPECT_EQ(obstacle(schema({{"s", DataType::map_of(table, table, true)}}),
                     schema({{"s", DataType::map_of(rows, rows, true)}})),
            "");
}

TEST(AppendColumns, ObstaclesInsideOfNestedTypesAreToldWithTheirPath) {
  const auto table = [](const delta::StructField& field) {
    const DataType list = DataType::array_of(DataType::struct_of({field}), true);
    return schema({{"a", DataType::struct_of({{"b", list}})}});
  };
  EXPECT_EQ(obstacle(table({"c", kLong}), table({"c", kString})),
            "column 'a.b.element.c' is long in the table, and string does not fit into it");
  EXPECT_EQ(obstacle(table({"c", kLong}), table({"C", DataType::array_of(kLong, true)})),
            "column 'a.b.element.c' is long in the table, and array<long> does not fit into it");
  EXPECT_EQ(obstacle(table({"c", kLong}), table({"d", kLong})),
            "the table has no column 'a.b.element.d'");
  const Schema strict =
      schema({{"m", DataType::map_of(
                        kLong, DataType::struct_of({{"x", kLong}, {"y", kLong, false}}), true)}});
  const Schema lacking =
      schema({{"m", DataType::map_of(kLong, DataType::struct_of({{"x", kLong}}), true)}});
  EXPECT_EQ(obstacle(strict, lacking),
            "the table's column 'm.value.y' is not nullable, and the rows lack it");
  EXPECT_EQ(obstacle(schema({{"m", DataType::map_of(kLong, kLong, true)}}),
                     schema({{"m", DataType::map_of(kString, kLong, true)}})),
            "column 'm.key' is long in the table, and string does not fit into it");
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
