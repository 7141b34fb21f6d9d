#include "delta/data_file_schema.h"

#include <gtest/gtest.h>

#include "base/error.h"

namespace delta {
namespace {

DataType number() { return DataType::primitive(TypeKind::kLong); }

StructField mapped(const std::string& name, DataType type, int id) {
  return {.name = name,
          .type = std::move(type),
          .metadata = {{"delta.columnMapping.id", id},
                       {"delta.columnMapping.physicalName", "col-" + std::to_string(id)}}};
}

Schema nested() {
  return {{{"a", number()},
           {"s", DataType::struct_of({{"x", number()}, {"y.z", number()}})},
           {"p", number()}}};
}

std::string names(const Schema& schema) { return DataType::struct_of(schema.fields).to_string(); }

TEST(DataFileSchema, TakesPhysicalNamesInsideOfEveryNestedType) {
  const Schema schema{
      {mapped("a", DataType::array_of(DataType::struct_of({mapped("b", number(), 2)}), true), 1),
       mapped("m",
              DataType::map_of(number(), DataType::struct_of({mapped("c", number(), 4)}), true),
              3)}};
  EXPECT_EQ(names(physical_schema(schema, ColumnMapping::kName)),
            "struct<col-1:array<struct<col-2:long>>,col-3:map<long,struct<col-4:long>>>");
  EXPECT_EQ(physical_schema(schema, ColumnMapping::kNone), schema);
}

TEST(DataFileSchema, PartitionColumnsAreNotInDataFiles) {
  EXPECT_EQ(names(data_schema(nested(), {"P"})), "struct<a:long,s:struct<x:long,y.z:long>>");
}

TEST(IndexedSchema, CountsLeavesInOrder) {
  Metadata metadata;
  EXPECT_EQ(indexed_schema(nested(), metadata), nested());
  metadata.configuration["delta.dataSkippingNumIndexedCols"] = "2";
  EXPECT_EQ(names(indexed_schema(nested(), metadata)), "struct<a:long,s:struct<x:long>>");
  metadata.configuration["delta.dataSkippingNumIndexedCols"] = "0";
  EXPECT_TRUE(indexed_schema(nested(), metadata).fields.empty());
  metadata.configuration["delta.dataSkippingNumIndexedCols"] = "-1";
  EXPECT_EQ(indexed_schema(nested(), metadata), nested());
}

TEST(IndexedSchema, TheNamedColumnsWinOverTheCount) {
  Metadata metadata;
  metadata.configuration["delta.dataSkippingNumIndexedCols"] = "0";
  metadata.configuration["delta.dataSkippingStatsColumns"] = "P, s.`y.z`";
  EXPECT_EQ(names(indexed_schema(nested(), metadata)), "struct<s:struct<y.z:long>,p:long>");
  metadata.configuration["delta.dataSkippingStatsColumns"] = "s";
  EXPECT_EQ(names(indexed_schema(nested(), metadata)), "struct<s:struct<x:long,y.z:long>>");
}

TEST(IndexedSchema, RefusesWhatItCannotUnderstand) {
  Metadata metadata;
  metadata.configuration["delta.dataSkippingNumIndexedCols"] = "many";
  EXPECT_THROW(indexed_schema(nested(), metadata), base::Error);
  metadata.configuration["delta.dataSkippingStatsColumns"] = "a,,b";
  EXPECT_THROW(indexed_schema(nested(), metadata), base::Error);
  metadata.configuration["delta.dataSkippingStatsColumns"] = "`a";
  EXPECT_THROW(indexed_schema(nested(), metadata), base::Error);
}

}  // namespace
}  // namespace delta
