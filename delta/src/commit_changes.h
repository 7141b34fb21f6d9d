// Committing a transaction's changes: the race for a version, conflicts, what follows the commit.
#pragma once

#include "delta/commit.h"
#include "delta/src/transaction_changes.h"

namespace delta {

// Puts `changes`, which have been settled, as the next version or a later one. Errors and conflicts
// are those of Transaction::commit.
CommitResult commit_changes(const TransactionChanges& changes, const CommitOptions& options);

}  // namespace delta
