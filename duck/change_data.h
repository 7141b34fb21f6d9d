// Change data files: PROTOCOL.md, "Change Data Files".
#pragma once

#include <string>

#include "delta/snapshot.h"
#include "delta/transaction.h"
#include "duck/database.h"
#include "duck/pending_files.h"

namespace duck {

// Streams the rows of `query`, the table's columns and _change_type, into change data files, which
// `transaction` adds and `pending` holds. Errors: those of copy_to_parquet.
void write_change_data(Connection& connection, const delta::Snapshot& snapshot,
                       const std::string& query, delta::Transaction& transaction,
                       PendingFiles& pending);

}  // namespace duck
