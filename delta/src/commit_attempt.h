// A commit as it is tried at one version: what it takes over from the version before, and its text.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "delta/commit.h"
#include "delta/src/commit_summary.h"
#include "delta/src/transaction_changes.h"
#include "delta/src/version_checksum.h"

namespace delta {

// What a commit takes over from the one before it.
struct Predecessor {
  std::int64_t version = -1;
  std::optional<std::int64_t> timestamp;  // in-commit, ms since the epoch
  std::int64_t row_ids = -1;              // high-water mark
  std::optional<Metadata> metadata;       // when others have changed it since
  ChecksumChange since_base;
};

// The version that the changes started from.
Predecessor base_predecessor(const TransactionChanges& changes);

// Goes on to `winner`, the version after `predecessor`.
void follow(Predecessor& predecessor, const CommitSummary& winner,
            const TransactionChanges& changes);

struct CommitAttempt {
  std::int64_t version = 0;
  std::string text;
  std::optional<std::int64_t> timestamp;  // in-commit
  Metadata metadata;                      // of the table after it
  std::int64_t row_ids = -1;
};

// The commit of `changes` as the version after `predecessor`. Row ids and in-commit timestamps are
// those that are next.
CommitAttempt attempt_after(const Predecessor& predecessor, const TransactionChanges& changes,
                            const CommitOptions& options, const std::string& txn_id);

}  // namespace delta
