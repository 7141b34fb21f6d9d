// The version checksum of a commit, from that of the version it started from.
#pragma once

#include <string>

#include "delta/src/commit_attempt.h"

namespace delta {

// Puts the checksum of `committed`, the commit of `changes` after `predecessor`, where it is known
// without reading the table. Errors: those of the store.
void put_version_checksum(const CommitAttempt& committed, const Predecessor& predecessor,
                          const TransactionChanges& changes, const std::string& txn_id);

}  // namespace delta
