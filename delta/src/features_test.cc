#include "delta/src/features.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "delta/snapshot.h"
#include "delta/transaction.h"
#include "delta/word_property.h"

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
  EXPECT_EQ(refused({1, 7, {}, {{"icebergCompatV1"}}}), "icebergCompatV1");
}

TEST(FeaturesTest, RefusesToWriteTypesOfAProgramsOwn) {
  Metadata metadata = plain_metadata();
  metadata.schema_string =
      R"({"type":"struct","fields":[{"name":"v","type":{"type":"udt","class":"Vector",)"
      R"("sqlType":"double"},"nullable":true,"metadata":{}}]})";
  EXPECT_EQ(refused({1, 2, {}, {}}, metadata), "user-defined types");
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
  table.configuration = {{"delta.enableChangeDataCapture", "True"}};
  EXPECT_EQ(protocol_for(table).writer_features,
            (Names{"appendOnly", "invariants", "changeDataFeed"}));
  table.schema.fields.push_back(
      {"n", DataType::map_of(DataType::primitive(TypeKind::kTimestampNtz),
                             DataType::primitive(TypeKind::kLong), true)});
  EXPECT_EQ(protocol_for(table).reader_features, Names{"timestampNtz"});
  table.configuration = {{"delta.enableRowTracking", "true"}};
  table.schema.fields.pop_back();
  EXPECT_EQ(protocol_for(table).writer_features,
            (Names{"appendOnly", "invariants", "rowTracking", "domainMetadata"}));
}

TEST(FeaturesTest, NamesWhatRulesAndPropertiesNeed) {
  NewTable table;
  table.schema.fields.push_back({"a", DataType::primitive(TypeKind::kLong)});
  table.schema.fields[0].metadata["delta.invariants"] = "{}";
  EXPECT_EQ(protocol_for(table), (Protocol{1, 2, {}, {}}));
  table.schema.fields[0].metadata["CURRENT_DEFAULT"] = "1";
  table.schema.fields.push_back({"g", DataType::primitive(TypeKind::kLong)});
  table.schema.fields[1].metadata["delta.generationExpression"] = "a + 1";
  table.configuration = {{"delta.constraints.c", "a > 0"}, {"delta.checkpointPolicy", "v2"}};
  EXPECT_EQ(protocol_for(table).writer_features,
            (Names{"appendOnly", "invariants", "allowColumnDefaults", "generatedColumns",
                   "checkConstraints", "v2Checkpoint"}));
  EXPECT_EQ(protocol_for(table).reader_features, Names{"v2Checkpoint"});
}

TEST(FeaturesTest, TakesWordsInAnyCase) {
  NewTable table;
  table.configuration = {{"delta.enableDeletionVectors", "TRUE"},
                         {"delta.checkpointPolicy", "V2"},
                         {"delta.columnMapping.mode", "Name"},
                         {"delta.enableRowTracking", "False"}};
  EXPECT_EQ(reader_features(protocol_for(table)),
            (Names{"deletionVectors", "v2Checkpoint", "columnMapping"}));
  Metadata metadata;
  metadata.configuration = table.configuration;
  EXPECT_TRUE(is_enabled(metadata, "delta.enableDeletionVectors"));
  EXPECT_FALSE(is_enabled(metadata, "delta.enableRowTracking"));
  EXPECT_FALSE(is_enabled(metadata, "delta.appendOnly"));
}

TEST(FeaturesTest, NamesWhatIsAskedForByName) {
  NewTable table;
  table.schema.fields.push_back({"a", DataType::primitive(TypeKind::kLong)});
  table.configuration = {{"delta.feature.vacuumProtocolCheck", "supported"}};
  EXPECT_EQ(protocol_for(table).reader_features, Names{"vacuumProtocolCheck"});
  table.configuration = {{"delta.feature.unheardOf", "supported"}};
  EXPECT_THROW(protocol_for(table), base::Error);
}

// As in tables that delta-rs makes with deletion vectors.
TEST(FeaturesTest, VariantsAreRefusedWhereAColumnHoldsSome) {
  const Protocol protocol{3, 7, {{"variantType"}}, {{"variantType"}}};
  EXPECT_EQ(refused(protocol), "");
  for (const char* const type :
       {R"("variant")", R"({"type":"array","elementType":"variant","containsNull":true})"}) {
    Metadata metadata = plain_metadata();
    metadata.schema_string =
        R"({"type":"struct","fields":[{"name":"v","nullable":true,"metadata":{},"type":)" +
        std::string(type) + "}]}";
    EXPECT_EQ(refused(protocol, metadata), "variantType");
    EXPECT_THROW(check_writable(protocol, metadata, {.row_rules = true}), base::Error);
  }
}

TEST(FeaturesTest, LeavesToTheCallerWhatTheCallerCanDo) {
  Metadata metadata = plain_metadata();
  metadata.schema_string =
      R"({"type":"struct","fields":[{"name":"a","type":"long","nullable":true,)"
      R"("metadata":{"delta.invariants":"x","delta.generationExpression":"x",)"
      R"("CURRENT_DEFAULT":"1"}}]})";
  metadata.configuration["delta.constraints.c"] = "a > 0";
  const Protocol protocol{
      1, 7, {}, {{"checkConstraints", "invariants", "allowColumnDefaults", "generatedColumns"}}};
  EXPECT_NE(refused(protocol, metadata), "");
  EXPECT_NO_THROW(check_writable(protocol, metadata, {.row_rules = true}));
  metadata = plain_metadata();
  metadata.configuration["delta.columnMapping.mode"] = "name";
  EXPECT_EQ(refused({2, 5, {}, {}}, metadata), "columnMapping");
  EXPECT_NO_THROW(check_writable({2, 5, {}, {}}, metadata, {.column_mapping = true}));
}

}  // namespace
}  // namespace delta
