// Row ids and row commit versions of rows that are copied: PROTOCOL.md, "Writer Requirements for
// Row Tracking".
#pragma once

#include <string>

#include "delta/schema.h"
#include "delta/snapshot.h"

namespace duck {

// The columns in which copies keep them; none where the table does not track its rows.
class KeptRowIds {
 public:
  // Throws base::Error DELTA_LOG_CORRUPT when the table tracks its rows and does not name them.
  explicit KeptRowIds(const delta::Snapshot& snapshot);

  bool any() const { return !row_id_.empty(); }
  // What follows the table's columns in a SELECT over FileSelection: ", _row_id AS …", or nothing.
  std::string select() const;
  // `table` and the columns.
  delta::Schema with_columns(delta::Schema table) const;

 private:
  std::string hidden_row_id_;  // in a scan, for SQL
  std::string hidden_row_commit_version_;
  std::string row_id_;
  std::string row_commit_version_;
};

}  // namespace duck
