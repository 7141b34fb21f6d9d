#include "delta/src/features.h"

#include <algorithm>

#include "base/ascii.h"
#include "base/error.h"
#include "delta/snapshot.h"
#include "delta/src/feature_uses.h"
#include "delta/src/nested_fields.h"
#include "delta/word_property.h"

namespace delta {
namespace {

// name, in readerFeatures, implied by reader and writer version, can read, can write. A feature
// that can be written may still be refused for what a table does with it: see check_writable.
constexpr Feature kFeatures[] = {
    {"appendOnly", false, 0, 2, true, true},
    {"invariants", false, 0, 2, true, true},
    {"checkConstraints", false, 0, 3, true, true},
    {"changeDataFeed", false, 0, 4, true, true},
    {"generatedColumns", false, 0, 4, true, true},
    {"columnMapping", true, 2, 5, true, true},
    {"identityColumns", false, 0, 6, true, true},
    {"allowColumnDefaults", false, 0, 0, true, true},
    {"timestampNtz", true, 0, 0, true, true},
    {"deletionVectors", true, 0, 0, true, true},
    {"domainMetadata", false, 0, 0, true, true},
    {"rowTracking", false, 0, 0, true, true},
    {"clustering", false, 0, 0, true, true},
    {"inCommitTimestamp", false, 0, 0, true, true},
    {"vacuumProtocolCheck", true, 0, 0, true, true},
    {"v2Checkpoint", true, 0, 0, true, true},
    {"checkpointProtection", false, 0, 0, true, true},
    {"icebergCompatV1", false, 0, 0, true, false},
    {"icebergCompatV2", false, 0, 0, true, false},
    {"icebergWriterCompatV1", false, 0, 0, true, false},
    {"typeWidening", true, 0, 0, true, true},
    {"typeWidening-preview", true, 0, 0, true, true},
    {"variantType", true, 0, 0, true, true},
    {"variantType-preview", true, 0, 0, true, true},
    {"variantShredding", true, 0, 0, true, true},
    {"variantShredding-preview", true, 0, 0, true, true},
    {"catalogManaged", true, 0, 0, false, false},
};

[[noreturn]] void unsupported(const std::string& feature, const std::string& what) {
  throw base::Error(base::Stage::kRuntime, "DELTA_UNSUPPORTED_FEATURE",
                    "the table cannot be " + what + ": feature '" + feature + "' is not supported",
                    {{"feature", feature}});
}

[[noreturn]] void unsupported_version(const std::string& name, int version,
                                      const std::string& what) {
  throw base::Error(base::Stage::kRuntime, "DELTA_UNSUPPORTED_FEATURE",
                    "the table cannot be " + what + ": " + name + " " + std::to_string(version) +
                        " is not supported",
                    {{"feature", name + "=" + std::to_string(version)}});
}

// A feature that stands in the protocol and that writing is safe with only while no column and no
// property makes use of it.
[[noreturn]] void in_use(const std::string& feature, const std::string& how) {
  throw base::Error(base::Stage::kRuntime, "DELTA_UNSUPPORTED_FEATURE",
                    "the table cannot be written: feature '" + feature + "' is in use (" + how +
                        ") and is not supported",
                    {{"feature", feature}, {"use", how}});
}

void refuse_field_uses(const StructField& field, const WriterCapabilities& capabilities) {
  if (contains_kind(field.type, TypeKind::kVariant)) {
    in_use("variantType", "column '" + field.name + "'");
  }
  if (capabilities.row_rules) return;
  for (const FieldUse& use : kFieldUses) {
    if (field.metadata.contains(use.key)) in_use(use.feature, "column '" + field.name + "'");
  }
}

void refuse_property_uses(const Metadata& metadata, const WriterCapabilities& capabilities) {
  for (const auto& [key, value] : metadata.configuration) {
    if (capabilities.row_rules) break;
    if (key.starts_with(kConstraintPrefix)) in_use("checkConstraints", key);
  }
  const std::string mode = word_property(metadata, "delta.columnMapping.mode", "none");
  if (capabilities.column_mapping || mode == "none") return;
  in_use("columnMapping", "delta.columnMapping.mode=" + mode);
}

}  // namespace

const Feature* find_feature(std::string_view name) {
  for (const Feature& feature : kFeatures) {
    if (feature.name == name) return &feature;
  }
  return nullptr;
}

const Feature* find_feature_in_any_case(std::string_view name) {
  for (const Feature& feature : kFeatures) {
    if (base::equal_ignoring_case(feature.name, name)) return &feature;
  }
  return nullptr;
}

std::vector<std::string> reader_features(const Protocol& protocol) {
  if (protocol.min_reader_version >= kFeatureReaderVersion) {
    return protocol.reader_features.value_or(std::vector<std::string>{});
  }
  std::vector<std::string> names;
  for (const Feature& feature : kFeatures) {
    const int version = feature.implied_by_reader_version;
    if (version > 0 && version <= protocol.min_reader_version) names.emplace_back(feature.name);
  }
  return names;
}

std::vector<std::string> writer_features(const Protocol& protocol) {
  if (protocol.min_writer_version >= kFeatureWriterVersion) {
    return protocol.writer_features.value_or(std::vector<std::string>{});
  }
  std::vector<std::string> names;
  for (const Feature& feature : kFeatures) {
    const int version = feature.implied_by_writer_version;
    if (version > 0 && version <= protocol.min_writer_version) names.emplace_back(feature.name);
  }
  return names;
}

void check_readable(const Protocol& protocol) {
  if (protocol.min_reader_version < 1 || protocol.min_reader_version > kFeatureReaderVersion) {
    unsupported_version("minReaderVersion", protocol.min_reader_version, "read");
  }
  for (const std::string& name : reader_features(protocol)) {
    const Feature* const feature = find_feature(name);
    if (!feature || !feature->can_read) unsupported(name, "read");
  }
}

void check_writable(const Protocol& protocol, const Metadata& metadata,
                    const WriterCapabilities& capabilities) {
  check_readable(protocol);
  if (protocol.min_writer_version < 1 || protocol.min_writer_version > kFeatureWriterVersion) {
    unsupported_version("minWriterVersion", protocol.min_writer_version, "written");
  }
  for (const std::string& name : writer_features(protocol)) {
    const Feature* const feature = find_feature(name);
    if (!feature || !feature->can_write) unsupported(name, "written");
  }
  refuse_property_uses(metadata, capabilities);
  // A changed schema would tell the stored type alone.
  if (metadata.schema_string.find(R"("type":"udt")") != std::string::npos) {
    unsupported("user-defined types", "written");
  }
  each_field(parse_schema(metadata.schema_string).fields,
             [&](const StructField& field) { refuse_field_uses(field, capabilities); });
}

void check_maintainable(const Protocol& protocol) {
  check_readable(protocol);
  if (protocol.min_writer_version < 1 || protocol.min_writer_version > kFeatureWriterVersion) {
    unsupported_version("minWriterVersion", protocol.min_writer_version, "maintained");
  }
  for (const std::string& name : writer_features(protocol)) {
    if (!find_feature(name)) unsupported(name, "maintained");
  }
}

bool has_feature(const Protocol& protocol, std::string_view name) {
  const std::vector<std::string> names = writer_features(protocol);
  return std::find(names.begin(), names.end(), name) != names.end();
}

void append_missing(std::vector<std::string>& names, const std::vector<std::string>& further) {
  for (const std::string& name : further) {
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  }
}

Protocol upgraded(const Protocol& protocol, const Protocol& needed) {
  Protocol result = protocol;
  if (needed.min_writer_version >= kFeatureWriterVersion) {
    std::vector<std::string> names = writer_features(protocol);
    append_missing(names, writer_features(needed));
    result.min_writer_version = kFeatureWriterVersion;
    result.writer_features = std::move(names);
  } else {
    result.min_writer_version = std::max(result.min_writer_version, needed.min_writer_version);
  }
  if (needed.min_reader_version >= kFeatureReaderVersion) {
    std::vector<std::string> names = reader_features(protocol);
    append_missing(names, reader_features(needed));
    result.min_reader_version = kFeatureReaderVersion;
    result.reader_features = std::move(names);
  } else {
    result.min_reader_version = std::max(result.min_reader_version, needed.min_reader_version);
  }
  return result;
}

}  // namespace delta
