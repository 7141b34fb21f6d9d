// Whether a transaction may follow a commit that it has not seen.
#pragma once

#include <optional>
#include <set>
#include <string>

#include "delta/src/commit_file.h"

namespace delta {

// What a transaction rests on.
struct TransactionReads {
  bool reads_data = false;  // it removes files or changes the metadata: not a blind append
  std::set<std::string> removed_paths;    // canonical
  std::set<std::string> transaction_ids;  // appIds that it sets
};

// Why the transaction cannot follow `winner`; nothing when it can.
std::optional<std::string> conflict_with(const TransactionReads& reads,
                                         const CommitSummary& winner);

}  // namespace delta
