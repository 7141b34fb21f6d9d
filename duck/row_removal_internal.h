// Taking rows out of a table, by removing files, by deletion vectors or by copies of the others.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "delta/snapshot.h"
#include "delta/transaction.h"
#include "duck/database.h"
#include "duck/pending_files.h"

namespace duck {

struct RemovedRows {
  std::int64_t rows = 0;
  std::int64_t removed_files = 0;    // all of whose rows go
  std::int64_t vectored_files = 0;   // that get a deletion vector
  std::int64_t rewritten_files = 0;  // whose other rows are copied
  std::int64_t copied_rows = 0;
  // Change data files tell what is removed, so that they must tell what the commit adds, too.
  bool has_change_data = false;
};

// Makes `transaction`, which must be on `base`, remove the rows of `base` for which the SQL
// `condition` is true. A file of which nothing is left is removed. Of another one, the rows are
// deleted by a deletion vector where delta.enableDeletionVectors is set and the file's statistics
// count its rows; else its other rows are copied, with their row ids where the table tracks them.
// When parts of files go and the table has a change data feed, change data files hold all rows that
// are removed. New files are `pending`'s.
RemovedRows remove_rows(Database& database, Connection& connection,
                        const std::shared_ptr<const delta::Snapshot>& base,
                        const std::string& condition, delta::Transaction& transaction,
                        PendingFiles& pending);

}  // namespace duck
