#include "delta/src/features.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "delta/snapshot.h"
#include "delta/transaction.h"

namespace delta {
namespace {

using Names = std::vector<std::string>;

Metadata plain_metadata() {
  Metadata metadata;
  metadata.schema_string =
      R"({"type":"struct","fields":[{"name":"a","type":"long","nullable":true,"metadata":{}}]})";
  return metadata;
}

std::string refused(const Protocol& protocol, const Metadata& metadata = plain_metadata()) {
  try {
    check_writable(protocol, metadata);
    return "";
  } catch (const base::Error& error) {
    EXPECT_EQ(error.code(), "DELTA_UNSUPPORTED_FEATURE");
    return error.details().at("feature");
  }
}

TEST(FeaturesTest, ReadsFeaturesOutOfVersions) {
  EXPECT_EQ(writer_features({1, 4, {}, {}}), (Names{"appendOnly", "invariants", "checkConstraints",
                                                    "changeDataFeed", "generatedColumns"}));
  EXPECT_EQ(reader_features({2, 5, {}, {}}), Names{"columnMapping"});
  EXPECT_EQ(reader_features({1, 2, {}, {}}), Names{});
  EXPECT_EQ(writer_features({1, 7, {}, {{"appendOnly"}}}), Names{"appendOnly"});
}

TEST(FeaturesTest, WritesTablesOfPlainVersions) {
  for (int version = 1; version <= 4; ++version) EXPECT_EQ(refused({1, version, {}, {}}), "");
  EXPECT_EQ(refused({1, 8, {}, {}}), "minWriterVersion=8");
  EXPECT_EQ(refused({4, 7, {}, {}}), "minReaderVersion=4");
  EXPECT_EQ(refused({0, 2, {}, {}}), "minReaderVersion=0");
}

TEST(FeaturesTest, RefusesFeaturesByName) {
  EXPECT_EQ(refused({1, 7, {}, {{"appendOnly", "unheardOf"}}}), "unheardOf");
  EXPECT_EQ(refused({3, 7, {{"catalogManaged"}}, {{"catalogManaged"}}}), "catalogManaged");
  EXPECT_EQ(refused({1, 7, {}, {{"rowTracking"}}}), "rowTracking");
}

TEST(FeaturesTest, RefusesWhatATableMakesUseOf) {
  Metadata metadata = plain_metadata();
  metadata.configuration["delta.constraints.c"] = "a > 0";
  EXPECT_EQ(refused({1, 3, {}, {}}, metadata), "checkConstraints");
  for (const auto& [key, feature] : {std::pair("delta.invariants", "invariants"),
                                     std::pair("delta.generationExpression", "generatedColumns"),
                                     std::pair("delta.identity.start", "identityColumns")}) {
    metadata = plain_metadata();
    metadata.schema_string =
        R"({"type":"struct","fields":[{"name":"s","nullable":true,"metadata":{},"type":{"type":)"
        R"("struct","fields":[{"name":"a","type":"long","nullable":true,"metadata":{")" +
        std::string(key) + R"(":"x"}}]}}]})";
    EXPECT_EQ(refused({1, 6, {}, {}}, metadata), feature);
  }
}

TEST(FeaturesTest, KeepsWhatAnUpgradedTableHad) {
  const Protocol needed{3, 7, {{"timestampNtz"}}, {{"timestampNtz"}}};
  EXPECT_EQ(upgraded({1, 3, {}, {}}, needed),
            (Protocol{3,
                      7,
                      {{"timestampNtz"}},
                      {{"appendOnly", "invariants", "checkConstraints", "timestampNtz"}}}));
  const Protocol richer{3, 7, {{"x", "timestampNtz"}}, {{"x", "timestampNtz"}}};
  EXPECT_EQ(upgraded(richer, needed), richer);
  EXPECT_EQ(upgraded({1, 2, {}, {}}, {1, 2, {}, {}}), (Protocol{1, 2, {}, {}}));
}

TEST(FeaturesTest, NamesWhatANewTableNeeds) {
  NewTable table;
  table.schema.fields.push_back({"a", DataType::primitive(TypeKind::kLong)});
  EXPECT_EQ(protocol_for(table), (Protocol{1, 2, {}, {}}));
  table.configuration["delta.enableChangeDataFeed"] = "true";
  EXPECT_EQ(protocol_for(table),
            (Protocol{1, 7, {}, {{"appendOnly", "invariants", "changeDataFeed"}}}));
  table.schema.fields.push_back(
      {"n", DataType::map_of(DataType::primitive(TypeKind::kTimestampNtz),
                             DataType::primitive(TypeKind::kLong), true)});
  EXPECT_EQ(protocol_for(table).reader_features, Names{"timestampNtz"});
  table.configuration["delta.enableRowTracking"] = "true";
  EXPECT_THROW(protocol_for(table), base::Error);
}

}  // namespace
}  // namespace delta
