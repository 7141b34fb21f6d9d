// Deleting rows of a Delta table.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "duck/database.h"

namespace duck {

struct TableDeleteOptions {
  std::string location;
  std::string where;  // an SQL condition over the table's columns; rows go for which it is true
  int max_retries = 15;
};

struct TableDeleteResult {
  std::optional<std::int64_t> version;  // absent: no row matched, and nothing was committed
  std::int64_t rows = 0;
  std::vector<std::string> warnings = {};  // of delta::CommitResult
};

// Deletes rows in one version. Files of which nothing is left are removed; others get a deletion
// vector where delta.enableDeletionVectors is set, else their other rows are copied. With a change
// data feed, deleted rows of the latter are recorded in change data files. When anything fails, the
// table and its folder are as before. Errors: those of delta::Snapshot::load and
// delta::Transaction, SQL_INVALID for the condition.
TableDeleteResult delete_rows(Database& database, Connection& connection,
                              const TableDeleteOptions& options);

}  // namespace duck
