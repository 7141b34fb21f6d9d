// What tests of scans share: a database, and what they ask of it.
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <variant>
#include <vector>

#include "delta/value.h"
#include "duck/database.h"

namespace duck {

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
