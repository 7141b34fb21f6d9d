#include "delta/src/checked_configuration.h"

#include "delta/data_file_schema.h"
#include "delta/invalid_property.h"
#include "delta/settable_properties.h"
#include "delta/src/table_property.h"

namespace delta {
namespace {

using Properties = std::map<std::string, std::string>;

constexpr const char* kLogRetention = "delta.logRetentionDuration";
constexpr const char* kFileRetention = "delta.deletedFileRetentionDuration";

// Commits that are gone cannot tell which files may be removed.
void check_retention(const Properties& changed, const Metadata& metadata) {
  const bool changes_log = changed.contains(kLogRetention);
  if (!changes_log && !changed.contains(kFileRetention)) return;
  if (log_retention_ms(metadata) >= deleted_file_retention_ms(metadata)) return;
  if (changes_log) {
    throw_invalid_property(kLogRetention, changed.at(kLogRetention),
                           std::string("less than ") + kFileRetention + " (a week unless set)");
  }
  throw_invalid_property(kFileRetention, changed.at(kFileRetention),
                         std::string("more than ") + kLogRetention + " (30 days unless set)");
}

}  // namespace

Properties checked_configuration(const NewTable& table, const Properties& old) {
  Metadata metadata;
  Properties changed;
  for (const auto& [key, value] : table.configuration) {
    const auto before = old.find(key);
    const bool stays = before != old.end() && before->second == value;
    (stays ? metadata.configuration : changed)[key] = value;
  }
  changed = settable_properties(changed);
  for (const auto& [key, value] : changed) metadata.configuration[key] = value;
  check_retention(changed, metadata);
  if (changed.contains("delta.dataSkippingStatsColumns")) {
    check_indexed_names(table.schema, table.partition_columns, metadata);
  }
  return metadata.configuration;
}

}  // namespace delta
