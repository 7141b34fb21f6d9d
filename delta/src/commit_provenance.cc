#include "delta/src/commit_provenance.h"

#include <simdjson.h>

#include "delta/version.h"

namespace delta {
namespace {

nlohmann::json to_strings(const nlohmann::json& object) {
  nlohmann::json strings = nlohmann::json::object();
  for (const auto& [key, value] : object.items()) {
    if (value.is_string() || value.is_null()) {
      strings[key] = value;
    } else {
      strings[key] = value.dump();
    }
  }
  return strings;
}

// The rows of all files; nothing when one has no count.
std::optional<std::int64_t> count_rows(const std::vector<AddFile>& adds) {
  simdjson::ondemand::parser parser;
  std::int64_t rows = 0;
  for (const AddFile& add : adds) {
    if (!add.stats) return std::nullopt;
    const simdjson::padded_string json(*add.stats);
    simdjson::ondemand::document document;
    std::int64_t records = 0;
    if (parser.iterate(json).get(document) || document["numRecords"].get_int64().get(records)) {
      return std::nullopt;
    }
    rows += records;
  }
  return rows;
}

nlohmann::json metrics_of(const CommitProvenance& provenance) {
  nlohmann::json metrics = nlohmann::json::object();
  if (!provenance.adds.empty()) {
    std::int64_t bytes = 0;
    for (const AddFile& add : provenance.adds) bytes += add.size;
    metrics["numFiles"] = std::to_string(provenance.adds.size());
    metrics["numOutputBytes"] = std::to_string(bytes);
    if (const auto rows = count_rows(provenance.adds)) {
      metrics["numOutputRows"] = std::to_string(*rows);
    }
  }
  metrics.update(to_strings(provenance.options.operation_metrics));
  return metrics;
}

}  // namespace

CommitInfo to_commit_info(const CommitProvenance& provenance) {
  CommitInfo info;
  nlohmann::json& fields = info.fields;
  for (const auto& [key, value] : provenance.options.properties) fields[key] = value;
  fields["timestamp"] = provenance.timestamp;
  if (provenance.in_commit_timestamp) fields["inCommitTimestamp"] = *provenance.in_commit_timestamp;
  fields["operation"] = provenance.options.operation;
  fields["operationParameters"] = to_strings(provenance.options.operation_parameters);
  fields["operationMetrics"] = metrics_of(provenance);
  if (provenance.read_version) fields["readVersion"] = *provenance.read_version;
  fields["isolationLevel"] = provenance.isolation_level;
  fields["isBlindAppend"] = provenance.is_blind_append;
  if (provenance.preserves_row_tracking) {
    fields["tags"]["delta.rowTracking.preserved"] =
        *provenance.preserves_row_tracking ? "true" : "false";
  }
  // By this Spark knows commits that those which generate no values may follow.
  if (provenance.only_raises_high_water_marks) {
    fields["tags"]["delta.identity.schemaUpdate"] = "true";
  }
  fields["engineInfo"] = kEngineInfo;
  fields["txnId"] = provenance.txn_id;
  return info;
}

}  // namespace delta
