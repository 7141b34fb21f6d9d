#include "delta/src/row_ids.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "base/error.h"
#include "base/uuid.h"
#include "delta/file_rows.h"
#include "delta/src/features.h"
#include "delta/word_property.h"

namespace delta {
namespace {

constexpr const char* kHighWaterMark = "rowIdHighWaterMark";

// The rows that the file holds, deleted ones too.
std::int64_t physical_rows(const AddFile& file) {
  AddFile whole;
  whole.stats = file.stats;
  const auto rows = file_rows({&whole, 1}).front();
  if (rows) return *rows;
  throw base::Error(base::Stage::kRuntime, "DELTA_STATS_MISSING",
                    "the file '" + file.path +
                        "' has no statistics that say how many rows it "
                        "holds, and a table that tracks its rows must know",
                    {{"file", file.path}});
}

}  // namespace

bool assigns_row_ids(const Protocol& protocol, const Metadata& metadata) {
  return has_feature(protocol, "rowTracking") &&
         !is_enabled(metadata, "delta.rowTrackingSuspended");
}

std::int64_t row_id_high_water_mark(const std::string& location,
                                    const std::map<std::string, DomainMetadata>& domains) {
  const auto domain = domains.find(kRowTrackingDomain);
  if (domain == domains.end() || domain->second.removed) return -1;
  const auto json = nlohmann::json::parse(domain->second.configuration, nullptr, false);
  if (json.is_object() && json.contains(kHighWaterMark) &&
      json[kHighWaterMark].is_number_integer()) {
    return json[kHighWaterMark].get<std::int64_t>();
  }
  throw base::Error(
      base::Stage::kRuntime, "DELTA_LOG_CORRUPT",
      "table '" + location + "': the domain " + kRowTrackingDomain + " has no " + kHighWaterMark,
      {{"path", location}});
}

DomainMetadata row_id_domain(std::int64_t high_water_mark) {
  return {kRowTrackingDomain, nlohmann::json({{kHighWaterMark, high_water_mark}}).dump(), false};
}

void assign_row_ids(AddFile& file, std::int64_t version, std::int64_t& high_water_mark) {
  if (!file.base_row_id) {
    const std::int64_t rows = physical_rows(file);
    file.base_row_id = high_water_mark + 1;
    high_water_mark += rows;
  }
  if (!file.default_row_commit_version) file.default_row_commit_version = version;
}

Metadata with_row_id_columns(const Metadata& metadata, const Metadata* old) {
  Metadata result = metadata;
  for (const auto& [key, prefix] :
       {std::pair("delta.rowTracking.materializedRowIdColumnName", "_row-id-col-"),
        std::pair("delta.rowTracking.materializedRowCommitVersionColumnName",
                  "_row-commit-version-col-")}) {
    const auto before = old ? old->configuration.find(key) : result.configuration.end();
    const bool was_named = old != nullptr && before != old->configuration.end();
    result.configuration[key] = was_named ? before->second : prefix + base::random_uuid();
  }
  return result;
}

}  // namespace delta
