#include "delta/new_table.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <vector>

#include "base/error.h"
#include "delta/src/feature_uses.h"
#include "delta/src/features.h"
#include "delta/src/nested_fields.h"
#include "delta/table_changes.h"
#include "delta/word_property.h"

namespace delta {
namespace {

// What a property with this value makes use of.
struct PropertyFeature {
  const char* key;
  const char* value;
  const char* feature;
};

constexpr std::array kPropertyFeatures = {
    PropertyFeature{"delta.enableInCommitTimestamps", "true", "inCommitTimestamp"},
    PropertyFeature{"delta.enableDeletionVectors", "true", "deletionVectors"},
    PropertyFeature{"delta.enableRowTracking", "true", "rowTracking"},
    PropertyFeature{"delta.enableTypeWidening", "true", "typeWidening"},
    PropertyFeature{"delta.checkpointPolicy", "v2", "v2Checkpoint"},
};

[[noreturn]] void cannot_be_written(const std::string& feature) {
  throw base::Error(base::Stage::kRuntime, "DELTA_UNSUPPORTED_FEATURE",
                    "the table cannot be written: feature '" + feature + "' is not supported",
                    {{"feature", feature}});
}

// The features that the properties ask for, by what they set or by name.
void append_asked_for(std::vector<std::string>& names, const Metadata& metadata) {
  for (const auto& [key, value] : metadata.configuration) {
    if (key.starts_with(kConstraintPrefix)) append_missing(names, {"checkConstraints"});
    if (!key.starts_with(kFeaturePrefix)) continue;
    const std::string name = key.substr(kFeaturePrefix.size());
    if (!find_feature(name)) cannot_be_written(name);
    append_missing(names, {name});
  }
  for (const PropertyFeature& property : kPropertyFeatures) {
    if (word_property(metadata, property.key, "") == property.value) {
      append_missing(names, {property.feature});
    }
  }
  if (records_changes(metadata)) append_missing(names, {"changeDataFeed"});
  if (word_property(metadata, "delta.columnMapping.mode", "none") != "none") {
    append_missing(names, {"columnMapping"});
  }
}

void append_used(std::vector<std::string>& names, const Schema& schema) {
  each_field(schema.fields, [&](const StructField& field) {
    if (contains_kind(field.type, TypeKind::kTimestampNtz)) append_missing(names, {"timestampNtz"});
    if (contains_kind(field.type, TypeKind::kVariant)) append_missing(names, {"variantType"});
    for (const FieldUse& use : kFieldUses) {
      if (field.metadata.contains(use.key)) append_missing(names, {use.feature});
    }
  });
}

}  // namespace

Protocol protocol_for(const NewTable& table) {
  std::vector<std::string> names;
  append_used(names, table.schema);
  Metadata metadata;
  metadata.configuration = table.configuration;
  append_asked_for(names, metadata);
  if (!table.clustering_columns.empty()) append_missing(names, {"clustering"});
  for (const char* const feature : {"clustering", "rowTracking"}) {
    if (std::find(names.begin(), names.end(), feature) == names.end()) continue;
    append_missing(names, {"domainMetadata"});
  }
  Protocol least;
  const std::vector<std::string> implied = writer_features(least);
  std::erase_if(names, [&](const std::string& name) {
    return std::find(implied.begin(), implied.end(), name) != implied.end();
  });
  if (names.empty()) return least;
  Protocol needed{least.min_reader_version, kFeatureWriterVersion, std::nullopt, names};
  std::vector<std::string> for_readers;
  for (const std::string& name : names) {
    const Feature* const feature = find_feature(name);
    if (!feature->can_write) cannot_be_written(name);
    if (feature->for_readers) for_readers.push_back(name);
  }
  if (!for_readers.empty()) {
    needed.min_reader_version = kFeatureReaderVersion;
    needed.reader_features = std::move(for_readers);
  }
  return upgraded(least, needed);
}

}  // namespace delta
