// Refusing the rows that a table's schema or its rules do not allow.
#pragma once

#include <duckdb.hpp>
#include <string>
#include <vector>

#include "delta/schema.h"
#include "duck/row_rules.h"

namespace duck {

// Looks at chunks that hold the table's columns and, after them, one boolean a check. Thread-safe.
class RowCheckpoint {
 public:
  RowCheckpoint(std::string location, const delta::Schema& schema, std::vector<RowCheck> checks);

  // Throws base::Error at the first violation: DELTA_NOT_NULL_VIOLATED (details["column"], a path
  // of names) or DELTA_CONSTRAINT_VIOLATED (details["constraint"], details["row"]).
  void pass(duckdb::DataChunk& chunk) const;

 private:
  void pass_not_null(duckdb::DataChunk& chunk) const;
  std::string row_text(duckdb::DataChunk& chunk, duckdb::idx_t row) const;

  const std::string location_;
  const delta::Schema& schema_;
  const std::vector<RowCheck> checks_;
  std::vector<bool> requires_values_;  // by column: it or a part of it is not nullable
};

}  // namespace duck
