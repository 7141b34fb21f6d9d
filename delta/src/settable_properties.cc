#include "delta/settable_properties.h"

#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>
#include <utility>

#include "base/ascii.h"
#include "base/error.h"
#include "delta/compression_codec.h"
#include "delta/invalid_property.h"
#include "delta/rule_keys.h"
#include "delta/src/conflict.h"
#include "delta/src/features.h"
#include "delta/src/table_property.h"
#include "delta/target_file_size.h"

namespace delta {
namespace {

constexpr std::string_view kDeltaPrefix = "delta.";
// Whatever follows is read by Spark's converter alone, and only in lower case.
constexpr std::string_view kConverterPrefix = "delta.universalformat.config.";

// What is wrong with a value, as the rest of "which is …"; nothing for one that a key takes.
using Fault = std::optional<std::string>;

Fault flag_fault(const std::string& value) {
  const std::string lower = base::lower_case(value);
  if (lower == "true" || lower == "false") return std::nullopt;
  return "neither true nor false";
}

Fault interval_fault(const std::string& value) {
  if (parse_interval_ms(value)) return std::nullopt;
  return "no interval such as '30 days': weeks, days, hours, minutes, seconds, milliseconds and "
         "microseconds, together not below 0";
}

// Delta's own writers keep such numbers in 32 bits.
template <std::int64_t Least>
Fault whole_fault(const std::string& value) {
  const auto number = parse_whole(value);
  if (number && *number >= Least && *number <= std::numeric_limits<std::int32_t>::max()) {
    return std::nullopt;
  }
  return "no whole number from " + std::to_string(Least) + " to 2147483647";
}

Fault size_fault(const std::string& value) {
  if (parse_file_size(value)) return std::nullopt;
  return "no size such as '100mb'";
}

Fault checkpoint_policy_fault(const std::string& value) {
  if (value == "classic" || value == "v2") return std::nullopt;
  return "neither classic nor v2";  // in this case alone
}

Fault isolation_level_fault(const std::string& value) {
  if (parse_isolation_level(value)) return std::nullopt;
  return "neither Serializable nor WriteSerializable";
}

Fault mapping_mode_fault(const std::string& value) {
  const std::string lower = base::lower_case(value);
  if (lower == "none" || lower == "name" || lower == "id") return std::nullopt;
  return "none of none, name and id";
}

Fault codec_fault(const std::string& value) {
  if (parse_compression_codec(value)) return std::nullopt;
  return "not a codec";
}

bool is_digits(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

Fault format_version_fault(const std::string& value) {
  if (value == "1.0.0") return std::nullopt;
  const std::string_view text = value;
  const std::size_t point = text.starts_with("2.") ? text.find('.', 2) : std::string_view::npos;
  if (point != std::string_view::npos && is_digits(text.substr(2, point - 2)) &&
      is_digits(text.substr(point + 1))) {
    return std::nullopt;
  }
  return "neither 1.0.0 nor 2.MINOR.PATCH";
}

// Names of columns: held against the schema, where there is one.
Fault no_fault(const std::string& /*value*/) { return std::nullopt; }

Fault kept_fault(const std::string& /*value*/) {
  return "not the caller's to set: whoever writes the table keeps it";
}

Fault protocol_fault(const std::string& /*value*/) {
  return "not the caller's to set: the table gets the protocol that it needs, and further features "
         "by delta.feature.NAME";
}

struct Property {
  std::string_view key;
  Fault (*fault)(const std::string& value);
  // What a value other than "" and "false" switches on, where that is not written.
  std::string_view unwritten = {};
};

constexpr Property kProperties[] = {
    {"delta.appendOnly", flag_fault},
    {"delta.autoOptimize", flag_fault},
    {"delta.autoOptimize.autoCompact", flag_fault},
    {"delta.autoOptimize.optimizeWrite", flag_fault},
    {"delta.castIcebergTimeType", flag_fault},
    {"delta.checkpoint.writeStatsAsJson", flag_fault},
    {"delta.checkpoint.writeStatsAsStruct", flag_fault},
    {"delta.checkpointInterval", whole_fault<1>},
    {"delta.checkpointPolicy", checkpoint_policy_fault},
    {"delta.checkpointRetentionDuration", interval_fault},
    {"delta.columnMapping.maxColumnId", kept_fault},
    {"delta.columnMapping.mode", mapping_mode_fault},
    {"delta.compatibility.symlinkFormatManifest.enabled", flag_fault},
    {"delta.coordinatedCommits.commitCoordinator-preview", no_fault, "coordinatedCommits-preview"},
    {"delta.coordinatedCommits.commitCoordinatorConf-preview", no_fault,
     "coordinatedCommits-preview"},
    {"delta.coordinatedCommits.tableConf-preview", no_fault, "coordinatedCommits-preview"},
    {"delta.dataSkippingNumIndexedCols", whole_fault<-1>},
    {"delta.dataSkippingStatsColumns", no_fault},
    {"delta.dataSkippingStringPrefixLength", whole_fault<0>},
    {"delta.deletedFileRetentionDuration", interval_fault},
    {"delta.dropFeatureTruncateHistory.retentionDuration", interval_fault},
    {"delta.enableChangeDataCapture", flag_fault},
    {"delta.enableChangeDataFeed", flag_fault},
    {"delta.enableDeletionVectors", flag_fault},
    {"delta.enableExpiredLogCleanup", flag_fault},
    {"delta.enableFullRetentionRollback", flag_fault},
    {"delta.enableIcebergCompatV1", flag_fault, "icebergCompatV1"},
    {"delta.enableIcebergCompatV2", flag_fault, "icebergCompatV2"},
    {"delta.enableIcebergCompatV3", flag_fault, "icebergCompatV3"},
    {"delta.enableIcebergWriterCompatV1", flag_fault, "icebergWriterCompatV1"},
    {"delta.enableIcebergWriterCompatV3", flag_fault, "icebergWriterCompatV3"},
    {"delta.enableInCommitTimestamps", flag_fault},
    {"delta.enableMaterializePartitionColumnsFeature", flag_fault, "materializePartitionColumns"},
    {"delta.enableRowTracking", flag_fault},
    {"delta.enableTypeWidening", flag_fault},
    {"delta.enableVariantShredding", flag_fault, "variantShredding"},
    {"delta.ignoreIcebergBucketPartition", flag_fault},
    {"delta.ignoreProtocolDefaults", protocol_fault},
    {"delta.inCommitTimestampEnablementTimestamp", kept_fault},
    {"delta.inCommitTimestampEnablementVersion", kept_fault},
    {"delta.isolationLevel", isolation_level_fault},
    {"delta.logRetentionDuration", interval_fault},
    {"delta.minReaderVersion", protocol_fault},
    {"delta.minWriterVersion", protocol_fault},
    {"delta.parquet.compression.codec", codec_fault},
    {"delta.parquet.format.version", format_version_fault},
    {"delta.randomPrefixLength", whole_fault<1>},
    {"delta.randomizeFilePrefixes", flag_fault},
    {"delta.redirectReaderWriter-preview", no_fault, "redirectReaderWriter-preview"},
    {"delta.redirectWriterOnly-preview", no_fault, "redirectWriterOnly-preview"},
    {"delta.requireCheckpointProtectionBeforeVersion", kept_fault},
    {"delta.rowTracking.materializedRowCommitVersionColumnName", kept_fault},
    {"delta.rowTracking.materializedRowIdColumnName", kept_fault},
    {"delta.rowTrackingSuspended", flag_fault},
    {"delta.sampleRetentionDuration", interval_fault},
    {"delta.setTransactionRetentionDuration", interval_fault},
    {"delta.targetFileSize", size_fault},
    {"delta.universalFormat.enabledFormats", no_fault, "universalFormat"},
    {"delta.universalFormat.iceberg.atomicConversion.supported", flag_fault, "universalFormat"},
    {"delta.vacuum.logging.enabled", flag_fault},
};

[[noreturn]] void unknown(const std::string& key, const std::string& value) {
  throw base::Error(base::Stage::kRuntime, "DELTA_PROPERTY_INVALID",
                    "there is no table property " + key +
                        "; what is not Delta's own has no 'delta.' before its name",
                    {{"property", key}, {"value", value}});
}

std::string checked_key(const Property& property, const std::string& value) {
  std::string key(property.key);
  if (const Fault fault = property.fault(value)) throw_invalid_property(key, value, *fault);
  if (property.unwritten.empty() || value.empty() || base::lower_case(value) == "false") return key;
  const std::string feature(property.unwritten);
  throw base::Error(base::Stage::kRuntime, "DELTA_UNSUPPORTED_FEATURE",
                    "the table property " + key + " cannot be '" + value + "': feature '" +
                        feature + "' is not supported",
                    {{"feature", feature}, {"property", key}, {"value", value}});
}

// What asks for a feature that nobody has heard of keeps its name, by which it is refused.
std::string feature_key(const std::string& key, const std::string& value) {
  const std::string name = key.substr(kFeaturePrefix.size());
  const Feature* const feature = find_feature_in_any_case(name);
  const std::string spelled =
      std::string(kFeaturePrefix) + (feature ? std::string(feature->name) : name);
  const std::string lower = base::lower_case(value);
  if (lower == "supported" || lower == "enabled") return spelled;
  throw_invalid_property(spelled, value, "not 'supported'");
}

// The key as it is looked for.
std::string settable_key(const std::string& key, const std::string& value) {
  std::string lower = base::lower_case(key);
  if (!lower.starts_with(kDeltaPrefix)) return key;
  if (lower.starts_with(kFeaturePrefix)) return feature_key(key, value);
  if (lower.starts_with(kConverterPrefix)) return lower;
  if (lower.starts_with(kConstraintPrefix) && lower.size() > kConstraintPrefix.size()) {
    return std::string(kConstraintPrefix) + key.substr(kConstraintPrefix.size());
  }
  for (const Property& property : kProperties) {
    if (base::equal_ignoring_case(property.key, key)) return checked_key(property, value);
  }
  unknown(key, value);
}

}  // namespace

std::map<std::string, std::string> settable_properties(
    const std::map<std::string, std::string>& properties) {
  std::map<std::string, std::string> settable;
  for (const auto& [key, value] : properties) {
    std::string spelled = settable_key(key, value);
    const bool is_new = settable.emplace(spelled, value).second;
    if (!is_new) throw_invalid_property(spelled, value, "given in another spelling too");
  }
  return settable;
}

}  // namespace delta
