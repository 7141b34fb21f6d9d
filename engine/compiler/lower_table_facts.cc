// Transforms that give facts about an input's Delta table: Metadata, FileManifest.
#include <nlohmann/json.hpp>

#include "duck/sql_text.h"
#include "engine/compiler/lowering.h"

namespace engine {
namespace {

using nlohmann::json;

json optional_json(const auto& value) { return value ? json(*value) : json(); }

json metadata_row(const delta::Snapshot& snapshot) {
  const auto& metadata = snapshot.metadata();
  const auto& protocol = snapshot.protocol();
  return {{"id", metadata.id},
          {"name", optional_json(metadata.name)},
          {"description", optional_json(metadata.description)},
          {"location", snapshot.location()},
          {"version", snapshot.version()},
          {"schema_string", metadata.schema_string},
          {"partition_columns", metadata.partition_columns},
          {"configuration", metadata.configuration},
          {"created_time", optional_json(metadata.created_time)},
          {"min_reader_version", protocol.min_reader_version},
          {"min_writer_version", protocol.min_writer_version},
          {"reader_features", optional_json(protocol.reader_features)},
          {"writer_features", optional_json(protocol.writer_features)}};
}

// Times are milliseconds, as in the log; they become timestamps afterwards.
constexpr const char* kMetadataTypes =
    R"types([{"id": "VARCHAR", "name": "VARCHAR", "description": "VARCHAR", "location": "VARCHAR",
         "version": "BIGINT", "schema_string": "VARCHAR", "partition_columns": ["VARCHAR"],
         "configuration": "MAP(VARCHAR, VARCHAR)", "created_time": "BIGINT",
         "min_reader_version": "INTEGER", "min_writer_version": "INTEGER",
         "reader_features": ["VARCHAR"], "writer_features": ["VARCHAR"]}])types";

// The record count is in the statistics, which a file may lack.
json record_count(const std::optional<std::string>& statistics) {
  if (!statistics) return nullptr;
  const auto parsed = json::parse(*statistics, nullptr, false);
  return parsed.is_object() ? parsed.value("numRecords", json()) : json();
}

json file_row(const delta::AddFile& file) {
  auto partition_values = json::object();
  for (const auto& [column, value] : file.partition_values) {
    partition_values[column] = optional_json(value);
  }
  const auto& vector = file.deletion_vector;
  return {{"path", file.path},
          {"size", file.size},
          {"partition_values", std::move(partition_values)},
          {"modification_time", file.modification_time},
          {"num_records", record_count(file.stats)},
          {"stats", optional_json(file.stats)},
          {"deletion_vector", vector ? json(vector->unique_id()) : json()},
          {"deleted_records", vector ? json(vector->cardinality) : json()}};
}

constexpr const char* kFileTypes =
    R"types([{"path": "VARCHAR", "size": "BIGINT", "partition_values": "MAP(VARCHAR, VARCHAR)",
         "modification_time": "BIGINT", "num_records": "BIGINT", "stats": "VARCHAR",
         "deletion_vector": "VARCHAR", "deleted_records": "BIGINT"}])types";

// A temporary table of these rows, to be scanned like any relation.
PlanPtr fact_table(const std::string& prefix, const std::string& source, const json& rows,
                   const std::string& types, const std::string& time_column, Lowering& lowering) {
  auto name = prefix + source;
  while (lowering.has_other_relation(name)) name.insert(0, "_");
  const auto table = duck::quote_identifier(name);
  const auto time = duck::quote_identifier(time_column);
  lowering.connection().execute(
      "CREATE OR REPLACE TEMPORARY TABLE " + table + " AS SELECT * REPLACE (to_timestamp(" + time +
          " / 1000) AS " + time +
          ") FROM (SELECT fact.* FROM (SELECT unnest(from_json(CAST($1 AS JSON), " +
          duck::quote_string(types) + ")) AS fact))",
      {rows.dump()});
  const auto plan = make_plan(ScanNode{name});
  lowering.add_relation(name, {.plan = plan,
                               .columns = lowering.types().columns_of("SELECT * FROM " + table),
                               .snapshot = nullptr,
                               .is_fact_table = true});
  return plan;
}

}  // namespace

PlanPtr lower(const Metadata& metadata, Lowering& lowering) {
  const auto& snapshot = snapshot_of(metadata.source, "Metadata", lowering);
  return fact_table("__metadata_", metadata.source, json::array({metadata_row(snapshot)}),
                    kMetadataTypes, "created_time", lowering);
}

PlanPtr lower(const FileManifest& manifest, Lowering& lowering) {
  const auto& snapshot = snapshot_of(manifest.source, "FileManifest", lowering);
  auto rows = json::array();
  for (const auto& file : snapshot.files()) rows.push_back(file_row(file));
  return fact_table("__files_", manifest.source, rows, kFileTypes, "modification_time", lowering);
}

}  // namespace engine
