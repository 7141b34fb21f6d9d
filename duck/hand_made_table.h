// Delta tables that tests write by hand: data files by DuckDB, the log line by line.
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "delta/actions.h"
#include "delta/schema.h"
#include "duck/database.h"
#include "duck/sql_text.h"

namespace duck {

// A table in a folder of its own, removed at the end. Every commit is written as it is called.
class HandMadeTable {
 public:
  HandMadeTable(Connection& connection, const std::string& name)
      : connection_(connection),
        folder_(std::filesystem::path(testing::TempDir()) /
                ("duck-" + name + "-" + std::to_string(getpid()))) {
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_ / "_delta_log");
  }
  ~HandMadeTable() { std::filesystem::remove_all(folder_); }
  HandMadeTable(const HandMadeTable&) = delete;
  HandMadeTable& operator=(const HandMadeTable&) = delete;

  std::string location() const { return folder_.string(); }
  const std::filesystem::path& folder() const { return folder_; }
  std::string scan() const { return "delta_scan(" + quote_string(location()) + ")"; }
  std::string scan(int version) const {
    return "delta_scan(" + quote_string(location()) + ", version := " + std::to_string(version) +
           ")";
  }

  // The schemaString of a table whose columns are those of `query`.
  std::string schema_of(const std::string& query) const {
    delta::Schema schema;
    for (const ResultColumn& column : connection_.describe(query)) {
      schema.fields.push_back({.name = column.name, .type = column.delta_type.value()});
    }
    return delta::to_json(schema);
  }

  delta::Metadata metadata(const std::string& schema_string,
                           std::vector<std::string> partition_columns = {},
                           std::map<std::string, std::string> configuration = {}) const {
    delta::Metadata metadata;
    metadata.id = "5f1b9f5e-0000-4000-8000-000000000001";
    metadata.schema_string = schema_string;
    metadata.partition_columns = std::move(partition_columns);
    metadata.configuration = std::move(configuration);
    metadata.created_time = 1;
    return metadata;
  }

  static delta::Protocol protocol(std::vector<std::string> features = {}) {
    delta::Protocol protocol;
    if (features.empty()) return protocol;
    protocol.min_reader_version = 3;
    protocol.min_writer_version = 7;
    protocol.reader_features = features;
    protocol.writer_features = std::move(features);
    return protocol;
  }

  // Writes the rows of `query` as a data file. Statistics are made for `with_statistics`.
  delta::AddFile file(const std::string& query,
                      const std::vector<std::string>& with_statistics = {},
                      delta::PartitionValues partition_values = {},
                      const std::string& copy_options = "") {
    const std::string name = "part-" + std::to_string(files_++) + ".parquet";
    connection_.execute("COPY (" + query + ") TO " + quote_string((folder_ / name).string()) +
                        " (FORMAT parquet" + copy_options + ")");
    delta::AddFile file;
    file.path = name;
    file.partition_values = std::move(partition_values);
    file.size = static_cast<std::int64_t>(std::filesystem::file_size(folder_ / name));
    if (!with_statistics.empty()) file.stats = statistics(query, with_statistics);
    return file;
  }

  void commit(const std::vector<delta::Action>& actions) {
    std::string name = std::to_string(version_++);
    name.insert(0, 20 - name.size(), '0');
    std::ofstream log(location() + "/_delta_log/" + name + ".json");
    for (const delta::Action& action : actions) log << delta::to_json_line(action) << "\n";
  }

 private:
  std::string statistics(const std::string& query, const std::vector<std::string>& columns) {
    std::map<std::string, std::string> parts;
    for (const std::string& column : columns) {
      const std::string name = quote_identifier(column);
      const std::string comma = parts["min"].empty() ? "" : ", ";
      parts["min"] += comma + name + " := min(" + name + ")";
      parts["max"] += comma + name + " := max(" + name + ")";
      parts["nulls"] += comma + name + " := count(*) - count(" + name + ")";
    }
    const std::string sql =
        "SELECT to_json(struct_pack(numRecords := count(*), minValues := "
        "struct_pack(" +
        parts["min"] + "), maxValues := struct_pack(" + parts["max"] +
        "), nullCount := struct_pack(" + parts["nulls"] + ")))::VARCHAR FROM (" + query + ")";
    return std::get<std::string>(connection_.query(sql).rows.at(0).at(0));
  }

  Connection& connection_;
  std::filesystem::path folder_;
  int files_ = 0;
  int version_ = 0;
};

}  // namespace duck
