#include "delta/schema_merge.h"

#include <gtest/gtest.h>

namespace delta {
namespace {

const DataType kLong = DataType::primitive(TypeKind::kLong);
const DataType kInteger = DataType::primitive(TypeKind::kInteger);
const DataType kShort = DataType::primitive(TypeKind::kShort);
const DataType kString = DataType::primitive(TypeKind::kString);
const DataType kFloat = DataType::primitive(TypeKind::kFloat);
const DataType kDouble = DataType::primitive(TypeKind::kDouble);
const DataType kDate = DataType::primitive(TypeKind::kDate);
const DataType kTimestampNtz = DataType::primitive(TypeKind::kTimestampNtz);
const DataType kVoid = DataType::primitive(TypeKind::kVoid);

DataType structure(std::vector<StructField> fields) {
  return DataType::struct_of(std::move(fields));
}
DataType list(DataType element, bool contains_null = true) {
  return DataType::array_of(std::move(element), contains_null);
}
DataType map(DataType key, DataType value) {
  return DataType::map_of(std::move(key), std::move(value), true);
}

// The type of the column `a` that both have.
DataType merged(const DataType& table, const DataType& rows, bool widens = false) {
  return merged_schema({{{"a", table}}}, {{{"a", rows}}}, widens).schema.fields.at(0).type;
}

TEST(SchemaMergeTest, AddsColumnsAtTheEndInTheOrderOfTheRows) {
  const Schema table{{{"b", kLong}, {"a", kString}}};
  const Schema rows{{{"z", kLong}, {"a", kString}, {"c", kLong}}};
  const SchemaMerge merge = merged_schema(table, rows, false);
  EXPECT_EQ(merge.schema, (Schema{{{"b", kLong}, {"a", kString}, {"z", kLong}, {"c", kLong}}}));
  EXPECT_TRUE(merge.widened.empty());
}

TEST(SchemaMergeTest, AddsFieldsAtTheEndOfTheirStructHoweverDeep) {
  const DataType narrow = structure({{"x", kLong}});
  const DataType other = structure({{"y", kString}, {"x", kLong}});
  const DataType wide = structure({{"x", kLong}, {"y", kString}});
  EXPECT_EQ(merged(narrow, other), wide);
  EXPECT_EQ(merged(structure({{"s", narrow}, {"t", kLong}}), structure({{"s", other}})),
            structure({{"s", wide}, {"t", kLong}}));
  EXPECT_EQ(merged(list(narrow), list(other)), list(wide));
  EXPECT_EQ(merged(map(narrow, kLong), map(other, kLong)), map(wide, kLong));
  EXPECT_EQ(merged(map(kLong, narrow), map(kLong, other)), map(kLong, wide));
  EXPECT_EQ(merged(map(kString, list(structure({{"s", list(list(narrow))}}))),
                   map(kString, list(structure({{"s", list(list(other))}})))),
            map(kString, list(structure({{"s", list(list(wide))}}))));
}

TEST(SchemaMergeTest, KeepsFieldsThatTheRowsLackAndTheirOrder) {
  const DataType table = structure({{"x", kLong}, {"y", kLong}, {"z", kLong}});
  EXPECT_EQ(merged(table, structure({{"z", kLong}, {"x", kLong}})), table);
}

TEST(SchemaMergeTest, MatchesNamesWhateverTheirCaseAndKeepsTheTablesSpelling) {
  const Schema table{{{"Col", structure({{"Field", kLong}})}}};
  const Schema rows{{{"COL", structure({{"FIELD", kLong}, {"New", kLong}})}}};
  EXPECT_EQ(merged_schema(table, rows, false).schema,
            (Schema{{{"Col", structure({{"Field", kLong}, {"New", kLong}})}}}));
}

TEST(SchemaMergeTest, KeepsWhatTheTableSaysOfItsColumns) {
  const StructField inner{"x", kLong, false, {{"delta.columnMapping.id", 2}}};
  const Schema table{{{"a", list(structure({inner}), false), false, {{"comment", "of a"}}}}};
  const Schema rows{{{"a", list(structure({{"x", kLong}}))}}};
  EXPECT_EQ(merged_schema(table, rows, false).schema, table);
}

TEST(SchemaMergeTest, WhatIsNewIsNullableHoweverDeepAndHasNoMetadata) {
  const StructField strict{"x", kLong, false, {{"comment", "of the rows"}}};
  const Schema rows{{{"n", map(kLong, list(structure({strict}), false)), false}}};
  EXPECT_EQ(merged_schema({}, rows, false).schema,
            (Schema{{{"n", map(kLong, list(structure({{"x", kLong}})))}}}));
}

TEST(SchemaMergeTest, LeavesTypesThatConflictToTheTable) {
  EXPECT_EQ(merged(kLong, kString), kLong);
  EXPECT_EQ(merged(kInteger, kLong), kInteger);
  EXPECT_EQ(merged(structure({{"x", kLong}}), list(kLong)), structure({{"x", kLong}}));
  EXPECT_EQ(merged(kLong, structure({{"x", kLong}})), kLong);
  EXPECT_EQ(merged(kLong, kInteger, true), kLong);
  EXPECT_EQ(merged(kLong, kString, true), kLong);
}

TEST(SchemaMergeTest, AVoidTypeBecomesThatOfTheRows) {
  EXPECT_EQ(merged(kVoid, kLong), kLong);
  EXPECT_EQ(merged(list(kVoid), list(structure({{"x", kLong, false}}))),
            list(structure({{"x", kLong}})));
  EXPECT_EQ(merged(kLong, kVoid), kLong);
}

TEST(SchemaMergeTest, WidensWhereItMayAndRecordsIt) {
  const Schema table{{{"i", kInteger},
                      {"s", structure({{"x", list(map(kShort, kFloat))}, {"y", kLong}})},
                      {"l", list(structure({{"d", kDate}}))}}};
  const Schema rows{{{"i", kLong},
                     {"s", structure({{"X", list(map(kInteger, kDouble))}, {"y", kShort}})},
                     {"l", list(structure({{"d", kTimestampNtz}}))}}};
  EXPECT_EQ(merged_schema(table, rows, false).schema, table);

  const SchemaMerge merge = merged_schema(table, rows, true);
  const auto& fields = merge.schema.fields;
  EXPECT_EQ(fields[0].type, kLong);
  EXPECT_EQ(
      fields[0].metadata,
      nlohmann::json::parse(R"({"delta.typeChanges":[{"fromType":"integer","toType":"long"}]})"));
  const StructField& x = fields[1].type.fields()[0];
  EXPECT_EQ(x.type, list(map(kInteger, kDouble)));
  EXPECT_EQ(x.metadata,
            nlohmann::json::parse(
                R"({"delta.typeChanges":[)"
                R"({"fromType":"short","toType":"integer","fieldPath":"element.key"},)"
                R"({"fromType":"float","toType":"double","fieldPath":"element.value"}]})"));
  EXPECT_TRUE(fields[1].metadata.empty());
  EXPECT_TRUE(fields[2].metadata.empty());
  EXPECT_TRUE(fields[2].type.element().fields()[0].metadata.contains("delta.typeChanges"));

  std::vector<std::string> widened;
  for (const WidenedType& type : merge.widened) widened.push_back(to_string(type.path));
  EXPECT_EQ(widened,
            (std::vector<std::string>{"i", "s.x.element.key", "s.x.element.value", "l.element.d"}));
}

TEST(SchemaMergeTest, TypeChangesFollowThoseBefore) {
  Schema table{{{"i", kInteger}}};
  table.fields[0].metadata =
      nlohmann::json::parse(R"({"delta.typeChanges":[{"fromType":"short","toType":"integer"}]})");
  const Schema merged = merged_schema(table, {{{"i", kLong}}}, true).schema;
  EXPECT_EQ(merged.fields[0].metadata,
            nlohmann::json::parse(R"({"delta.typeChanges":[)"
                                  R"({"fromType":"short","toType":"integer"},)"
                                  R"({"fromType":"integer","toType":"long"}]})"));
}

TEST(SchemaMergeTest, WidensWithinOneFamilyOfTypes) {
  EXPECT_TRUE(is_widened_by_merge(DataType::decimal(10, 2), DataType::decimal(12, 3)));
  EXPECT_FALSE(is_widened_by_merge(DataType::decimal(10, 2), DataType::decimal(10, 3)));
  EXPECT_FALSE(is_widened_by_merge(kInteger, kDouble));
  EXPECT_FALSE(is_widened_by_merge(kInteger, DataType::decimal(10, 0)));
  EXPECT_FALSE(is_widened_by_merge(kLong, kInteger));
  EXPECT_FALSE(is_widened_by_merge(kLong, kLong));
}

TEST(SchemaMergeTest, ValuesOfNarrowerTypesAreHeld) {
  EXPECT_TRUE(holds_values_of(kLong, kShort));
  EXPECT_TRUE(holds_values_of(kDouble, kFloat));
  EXPECT_TRUE(holds_values_of(kString, kString));
  EXPECT_TRUE(holds_values_of(DataType::decimal(12, 3), DataType::decimal(10, 2)));
  EXPECT_FALSE(holds_values_of(kDouble, kInteger));
  EXPECT_FALSE(holds_values_of(kTimestampNtz, kDate));
  EXPECT_FALSE(holds_values_of(DataType::decimal(20, 0), kLong));
  EXPECT_FALSE(holds_values_of(list(kLong), kLong));
}

TEST(SchemaMergeTest, TypesMayBeWidenedWhereThePropertyAndTheFeatureSaySo) {
  Metadata metadata;
  metadata.configuration = {{"delta.enableTypeWidening", "true"}};
  EXPECT_TRUE(allows_type_widening({3, 7, {{"typeWidening"}}, {{"typeWidening"}}}, metadata));
  EXPECT_FALSE(allows_type_widening({1, 2}, metadata));
  const std::vector<std::string> preview{"typeWidening-preview"};
  EXPECT_FALSE(allows_type_widening({3, 7, preview, preview}, metadata));
  EXPECT_FALSE(allows_type_widening({3, 7, {{"typeWidening"}}, {{"typeWidening"}}}, {}));
}

TEST(SchemaMergeTest, NamesThatDifferInCaseOnlyAreFoundHoweverDeep) {
  const auto repeated = [](const DataType& type) {
    const auto path = repeated_name({{{"a", type}}});
    return path ? to_string(*path) : "none";
  };
  const DataType twice = structure({{"x", kLong}, {"X", kLong}});
  EXPECT_EQ(repeated(twice), "a.X");
  EXPECT_EQ(repeated(list(map(kLong, twice))), "a.element.value.X");
  EXPECT_EQ(repeated(map(structure({{"s", twice}}), kLong)), "a.key.s.X");
  EXPECT_EQ(repeated(structure({{"x", kLong}, {"y", structure({{"x", kLong}})}})), "none");
  EXPECT_EQ(to_string(*repeated_name({{{"a", kLong}, {"b", kLong}, {"A", kLong}}})), "A");
}

}  // namespace
}  // namespace delta
