#include "delta/src/conflict.h"

#include <algorithm>

namespace delta {

std::optional<std::string> conflict_with(const TransactionReads& reads,
                                         const CommitSummary& winner) {
  if (winner.changes_protocol) return "it changed the table's protocol";
  if (winner.changes_metadata) return "it changed the table's metadata";
  for (const std::string& id : reads.transaction_ids) {
    if (winner.transaction_ids.contains(id)) return "it set the transaction '" + id + "' too";
  }
  for (const std::string& path : reads.removed_paths) {
    if (winner.removed_paths.contains(path)) return "it removed the file '" + path + "' too";
  }
  if (reads.reads_data && winner.changes_data) {
    return "it changed data that this transaction has read";
  }
  return std::nullopt;
}

}  // namespace delta
