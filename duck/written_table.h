// Delta tables that tests write through the library.
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/uuid.h"
#include "delta/snapshot.h"
#include "delta/transaction.h"
#include "duck/copy_to_parquet.h"
#include "duck/database.h"
#include "duck/sql_text.h"

namespace duck {

// A table in a folder of its own, removed at the end.
class WrittenTable {
 public:
  explicit WrittenTable(Database& database)
      : database_(database),
        connection_(database),
        folder_(std::filesystem::path(testing::TempDir()) / ("table-" + base::random_uuid())) {}
  ~WrittenTable() { std::filesystem::remove_all(folder_); }
  WrittenTable(const WrittenTable&) = delete;
  WrittenTable& operator=(const WrittenTable&) = delete;

  std::string location() const { return folder_.string(); }
  const std::filesystem::path& folder() const { return folder_; }

  // Creates the table with the columns of `query` and no rows.
  void create(const std::string& query, std::vector<std::string> partition_by = {},
              std::map<std::string, std::string> configuration = {}) {
    delta::Schema schema;
    for (const ResultColumn& column : connection_.describe(query)) {
      schema.fields.push_back({.name = column.name, .type = column.delta_type.value()});
    }
    delta::Transaction::create(delta::local_store(), location(),
                               {.schema = std::move(schema),
                                .partition_columns = std::move(partition_by),
                                .configuration = std::move(configuration),
                                .name = std::nullopt})
        .commit({});
  }

  // The rows of `query` as one commit.
  void append(const std::string& query) {
    const auto table = snapshot();
    const CopiedFiles copied = copy_to_parquet(
        connection_, query, {}, table->schema(),
        {.directory = location(), .partition_by = table->metadata().partition_columns});
    delta::Transaction transaction = delta::Transaction::start(table);
    for (const delta::AddFile& file : copied.files) transaction.add(file);
    transaction.commit({});
  }

  // Removes a file of the latest version.
  void remove(std::size_t file) {
    const auto table = snapshot();
    delta::Transaction transaction = delta::Transaction::start(table);
    const delta::SnapshotFiles live = table->files();
    transaction.remove(live[file]);
    transaction.commit({});
  }

  std::shared_ptr<const delta::Snapshot> snapshot(
      std::shared_ptr<delta::Store> store = delta::local_store()) const {
    return delta::Snapshot::load(std::move(store), database_.parquet_engine(), location());
  }

  std::string scan() const { return "delta_scan(" + quote_string(location()) + ")"; }
  std::string scan(std::int64_t version) const {
    return "delta_scan(" + quote_string(location()) + ", version := " + std::to_string(version) +
           ")";
  }

  // The rows whatever their order: how many, and a hash of each summed up.
  std::string content() { return content_of(scan()); }
  std::string content(std::int64_t version) { return content_of(scan(version)); }

  // The Parquet files in the table's folder, named by a version of the log or not.
  std::size_t data_files() const {
    std::size_t files = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder_)) {
      files += entry.path().extension() == ".parquet" ? 1 : 0;
    }
    return files;
  }

  // The actions of a commit, one JSON object each.
  std::vector<nlohmann::json> commit(std::int64_t version) const {
    std::string name = std::to_string(version);
    name.insert(0, 20 - name.size(), '0');
    const std::string text =
        delta::local_store()->read(location() + "/_delta_log/" + name + ".json");
    std::vector<nlohmann::json> actions;
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t end = text.find('\n', at);
      actions.push_back(nlohmann::json::parse(text.substr(at, end - at)));
      at = end == std::string::npos ? text.size() : end + 1;
    }
    return actions;
  }

 private:
  std::string content_of(const std::string& scan) {
    const ResultRows rows = connection_.query(
        "SELECT count(*)::VARCHAR, coalesce(sum(hash(t)::HUGEINT), 0)::VARCHAR FROM " + scan +
        " t");
    return std::get<std::string>(rows.rows.at(0).at(0)) + " rows, hash " +
           std::get<std::string>(rows.rows.at(0).at(1));
  }

  Database& database_;
  Connection connection_;
  std::filesystem::path folder_;
};

}  // namespace duck
