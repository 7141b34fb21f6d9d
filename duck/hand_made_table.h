// Delta tables that tests write by hand: data files by DuckDB, the log line by line.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
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

// A database and what tests ask of it.
class ScanTest : public testing::Test {
 protected:
  // The rows as text, one a line, columns separated by '|', in the query's order.
  std::string rows(const std::string& query, const std::vector<delta::Value>& parameters = {}) {
    std::string out;
    const ResultRows result = connection_.query(
        "SELECT * FROM (SELECT COLUMNS(*)::VARCHAR FROM (" + query + "))", parameters);
    for (const auto& row : result.rows) {
      for (std::size_t i = 0; i < row.size(); ++i) {
        if (i > 0) out += '|';
        out += delta::is_null(row[i]) ? "NULL" : std::get<std::string>(row[i]);
      }
      out += '\n';
    }
    return out;
  }

  std::int64_t count(const std::string& query) {
    return std::get<std::int64_t>(
        connection_.query("SELECT count(*) FROM (" + query + ")").rows.at(0).at(0));
  }

  // Such as "2 of 5": the files that the query's first scan reads, of all.
  std::string files_read(const std::string& query,
                         const std::vector<delta::Value>& parameters = {}) {
    return files_in(connection_.query("EXPLAIN (FORMAT json) " + query, parameters));
  }
  std::string files_read_when_run(const std::string& query) {
    return files_in(connection_.query("EXPLAIN (ANALYZE, FORMAT json) " + query));
  }

  Database database_{DatabaseConfig{.threads = 2}};
  Connection connection_{database_};

 private:
  static std::string files_in(const ResultRows& plan) {
    const std::string& text = std::get<std::string>(plan.rows.at(0).at(1));
    const std::string found = find_files(nlohmann::json::parse(text));
    return found.empty() ? text : found;
  }

  static std::string find_files(const nlohmann::json& node) {
    if (node.is_array() || node.is_object()) {
      if (node.is_object() && node.contains("extra_info") && node["extra_info"].is_object() &&
          node["extra_info"].contains("Files")) {
        return node["extra_info"]["Files"].get<std::string>();
      }
      for (const auto& child : node) {
        if (const std::string found = find_files(child); !found.empty()) return found;
      }
    }
    return "";
  }
};

}  // namespace duck
