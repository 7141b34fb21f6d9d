#include "delta/settable_properties.h"

#include <gtest/gtest.h>

#include <vector>

#include "base/error.h"

namespace delta {
namespace {

using Properties = std::map<std::string, std::string>;

// "KEY=VALUE" as it goes into a table, or the code of the error.
std::string set(const std::string& key, const std::string& value) {
  try {
    const Properties settable = settable_properties({{key, value}});
    return settable.begin()->first + "=" + settable.begin()->second;
  } catch (const base::Error& error) {
    return error.code();
  }
}

constexpr const char* kInvalid = "DELTA_PROPERTY_INVALID";
constexpr const char* kUnsupported = "DELTA_UNSUPPORTED_FEATURE";

TEST(SettablePropertiesTest, KeysGetTheSpellingThatReadersLookFor) {
  EXPECT_EQ(set("delta.APPENDONLY", "TRUE"), "delta.appendOnly=TRUE");
  EXPECT_EQ(set("Delta.AppendOnly", "true"), "delta.appendOnly=true");
  EXPECT_EQ(set("DELTA.constraints.Few", "id > 100"), "delta.constraints.Few=id > 100");
  EXPECT_EQ(set("Delta.Feature.APPENDONLY", "Supported"), "delta.feature.appendOnly=Supported");
  EXPECT_EQ(set("delta.universalFormat.config.iceberg.X", "Y"),
            "delta.universalformat.config.iceberg.x=Y");
}

TEST(SettablePropertiesTest, KeysWithoutThePrefixAreTheCallersOwn) {
  EXPECT_EQ(set("Owner", "me"), "Owner=me");
  EXPECT_EQ(set("checkpointInterval", "0"), "checkpointInterval=0");
  EXPECT_EQ(set("delta", "1"), "delta=1");
}

TEST(SettablePropertiesTest, OtherKeysOfThePrefixAreRefused) {
  for (const char* key : {"delta.foo", "Delta.foo", "delta.", "delta.constraints.", "delta.x.y"}) {
    EXPECT_EQ(set(key, "1"), kInvalid) << key;
  }
}

TEST(SettablePropertiesTest, AKeyInTwoSpellingsIsRefused) {
  const Properties twice = {{"delta.appendOnly", "true"}, {"delta.appendonly", "false"}};
  EXPECT_THROW(settable_properties(twice), base::Error);
}

struct Values {
  std::string key;
  std::vector<std::string> good;
  std::vector<std::string> bad;
};

TEST(SettablePropertiesTest, ValuesAreCheckedByWhatTheirKeyTakes) {
  const std::vector<Values> cases = {
      {"delta.enableInCommitTimestamps", {"true", "False"}, {"yes", "1", "", " true"}},
      {"delta.checkpointPolicy", {"classic", "v2"}, {"V2", "Classic", ""}},
      {"delta.isolationLevel", {"serializable", "WriteSerializable"}, {"SnapshotIsolation", ""}},
      {"delta.columnMapping.mode", {"none", "NAME", "id"}, {"x", ""}},
      {"delta.checkpointInterval", {"1", "+10", "010"}, {"0", "-1", " 10", "3.5", "2147483648"}},
      {"delta.dataSkippingNumIndexedCols", {"-1", "0"}, {"-2", "x", ""}},
      {"delta.dataSkippingStringPrefixLength", {"0"}, {"-1"}},
      {"delta.logRetentionDuration", {"interval 30 days", "5 weeks"}, {"30", "1 month", "-1 day"}},
      {"delta.setTransactionRetentionDuration", {"0 seconds"}, {"x", ""}},
      {"delta.targetFileSize", {"1", "100mb"}, {"0", "huge"}},
      {"delta.parquet.compression.codec", {"ZSTD", "none"}, {"rar"}},
      {"delta.parquet.format.version", {"1.0.0", "2.12.0"}, {"2.12", "2.x.0", "3.0.0", ""}},
      {"delta.feature.appendOnly", {"supported", "enabled"}, {"on", ""}},
  };
  for (const Values& values : cases) {
    for (const std::string& value : values.good) {
      EXPECT_EQ(set(values.key, value), values.key + "=" + value);
    }
    for (const std::string& value : values.bad) {
      EXPECT_EQ(set(values.key, value), kInvalid) << values.key << " " << value;
    }
  }
}

TEST(SettablePropertiesTest, WhatTheWriterKeepsIsNotTheCallersToSet) {
  for (const char* key :
       {"delta.columnMapping.maxColumnId", "delta.rowTracking.materializedRowIdColumnName",
        "delta.rowTracking.materializedRowCommitVersionColumnName",
        "delta.inCommitTimestampEnablementVersion", "delta.inCommitTimestampEnablementTimestamp",
        "delta.requireCheckpointProtectionBeforeVersion", "delta.minReaderVersion",
        "delta.minWriterVersion"}) {
    EXPECT_EQ(set(key, "3"), kInvalid) << key;
  }
}

TEST(SettablePropertiesTest, WhatIsNotWrittenCannotBeSwitchedOn) {
  for (const char* key : {"delta.enableIcebergCompatV1", "delta.enableIcebergCompatV2",
                          "delta.enableIcebergWriterCompatV1", "delta.enableVariantShredding",
                          "delta.universalFormat.iceberg.atomicConversion.supported"}) {
    EXPECT_EQ(set(key, "true"), kUnsupported) << key;
    EXPECT_EQ(set(key, "false"), std::string(key) + "=false");
    EXPECT_EQ(set(key, "x"), kInvalid) << key;
  }
  EXPECT_EQ(set("delta.universalFormat.enabledFormats", "iceberg"), kUnsupported);
}

TEST(SettablePropertiesTest, AFaultNamesKeyValueAndWhatIsWrong) {
  try {
    settable_properties({{"delta.checkpointinterval", "0"}});
    FAIL();
  } catch (const base::Error& error) {
    EXPECT_EQ(error.message(),
              "the table property delta.checkpointInterval has the value '0', which is no whole "
              "number from 1 to 2147483647");
    EXPECT_EQ(error.details().at("property"), "delta.checkpointInterval");
  }
}

}  // namespace
}  // namespace delta
