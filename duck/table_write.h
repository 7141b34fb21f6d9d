// Writing the rows of a query to a Delta table.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "delta/actions.h"
#include "delta/value.h"
#include "duck/database.h"

namespace duck {

enum class WriteMode { kAppend, kOverwrite, kErrorIfExists };

struct TableWriteOptions {
  std::string location;
  WriteMode mode = WriteMode::kAppend;  // each creates a table that is not there
  // An SQL condition over the table's columns: the rows written take the place of those for which
  // it is true, and must meet it. Only with kOverwrite.
  std::optional<std::string> replace_where = std::nullopt;
  // Columns that the table lacks are added to it, nullable.
  bool merge_schema = false;
  std::vector<std::string> partition_by = {};  // of a new table; else it must be the table's
  std::map<std::string, std::string> properties = {};  // set on the table
  // Writes once for an appId and a version; see delta::SetTransaction.
  std::optional<delta::SetTransaction> transaction = std::nullopt;
  int max_retries = 15;
};

struct TableWriteResult {
  std::int64_t version = 0;
  std::int64_t rows = 0;
  std::int64_t files = 0;
  std::int64_t bytes = 0;
  bool already_written = false;  // the table has the transaction; nothing was done
};

// Streams the rows into data files and commits them as one version. Columns go by name; those that
// the rows lack are NULL. When anything fails, the table and its folder are as before.
// Errors: those of delta::Snapshot::load, delta::Transaction and copy_to_parquet;
// DELTA_TABLE_EXISTS (kErrorIfExists), DELTA_SCHEMA_MISMATCH when the rows or the partitioning do
// not fit the table, DELTA_CONSTRAINT_VIOLATED for a row outside of replace_where.
TableWriteResult write_table(Database& database, Connection& connection, const std::string& query,
                             const std::vector<delta::Value>& parameters,
                             const TableWriteOptions& options);

}  // namespace duck
