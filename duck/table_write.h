// Writing the rows of a query to a Delta table.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/error.h"
#include "delta/value.h"
#include "duck/database.h"
#include "duck/table_writer.h"

namespace duck {

struct TableWriteResult {
  std::int64_t version = 0;
  std::int64_t rows = 0;
  std::int64_t files = 0;
  std::int64_t bytes = 0;
  bool already_written = false;            // the table has the transaction; nothing was done
  std::vector<std::string> warnings = {};  // of delta::CommitResult
};

// Streams the rows into data files and commits them as one version, as TableWriter does. Where
// another write has taken the values of an identity column meanwhile, the query is run again, up to
// options.max_retries times. When anything fails, the table and its folder are as before. Errors:
// those of TableWriter.
TableWriteResult write_table(Database& database, Connection& connection, const std::string& query,
                             const std::vector<delta::Value>& parameters,
                             const TableWriteOptions& options);

// DELTA_SCHEMA_MISMATCH: a column of rows for the table at `location` has a type, as it is called
// in the message, whose values no Delta type holds.
base::Error no_delta_type(const std::string& location, const std::string& column,
                          const std::string& type);

}  // namespace duck
