// The Delta tables that extraction writes.
#pragma once

#include <array>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "delta/snapshot.h"
#include "delta/store.h"
#include "delta/transaction.h"
#include "duck/database.h"
#include "extract/fact_tables.h"

namespace extract {

// The eight tables below one folder, each replaced whole by one commit. Data files that were given
// to keep() and not committed are removed by the destructor, with the folders that came to be.
// Not thread-safe.
class OutputTables {
 public:
  // Reads the logs of the tables that are there: what cannot be read or written fails before any
  // work is done.
  OutputTables(duck::Database& database, const std::string& output_directory);
  ~OutputTables();
  OutputTables(const OutputTables&) = delete;
  OutputTables& operator=(const OutputTables&) = delete;

  const std::string& location(std::size_t table) const { return tables_[table].location; }

  // Takes over data files that lie in the table's folder.
  void keep(std::size_t table, std::vector<delta::AddFile> files);

  // Makes the kept files each table's content: one version a table.
  std::array<delta::CommitResult, kFactTableCount> commit();

 private:
  struct Table {
    std::string location;
    std::shared_ptr<const delta::Snapshot> snapshot;  // null: there is no table yet
    std::vector<delta::AddFile> files;                // kept and not committed
  };

  delta::CommitResult commit(std::size_t table);
  delta::Transaction begin(const Table& table, const FactTable& fact_table) const;
  void remove_uncommitted() noexcept;

  std::shared_ptr<delta::Store> store_;
  std::shared_ptr<delta::ParquetEngine> engine_;
  std::array<Table, kFactTableCount> tables_;
  std::vector<std::filesystem::path> made_folders_;  // by the commit or the writers, parents first
};

}  // namespace extract
