#include "delta/src/commit_changes.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/uuid.h"
#include "delta/src/after_commit.h"
#include "delta/src/commit_attempt.h"
#include "delta/src/commit_checksum.h"
#include "delta/src/commit_summary.h"
#include "delta/src/conflict.h"
#include "delta/src/log_segment.h"
#include "delta/src/put_commit.h"

namespace delta {
namespace {

[[noreturn]] void throw_conflict(const std::string& location, std::int64_t version,
                                 const Conflict& conflict, const std::string& message) {
  throw base::Error(base::Stage::kRuntime, "DELTA_COMMIT_CONFLICT", message,
                    {{"path", location},
                     {"version", std::to_string(version)},
                     {"conflict", conflict.name},
                     {"reason", conflict.reason}});
}

[[noreturn]] void throw_conflict(const std::string& location, std::int64_t version,
                                 const Conflict& conflict) {
  throw_conflict(location, version, conflict,
                 "table '" + location + "': a concurrent commit of version " +
                     std::to_string(version) + " conflicts: " + conflict.reason);
}

[[noreturn]] void throw_table_created(const std::string& location, std::int64_t version) {
  throw_conflict(location, version, {"TableCreated", "the table has been created"});
}

// The versions under the location may be those of another table by now. Whoever puts one there
// between this look and our commit is not seen: no store can say "unless that file has changed".
void require_base(const TransactionChanges& changes) {
  if (!changes.base || changes.base->is_still_there()) return;
  const Conflict conflict{"TableReplaced", "the table was removed, or made again in its place"};
  const std::int64_t version = changes.base->version();
  throw_conflict(
      changes.location, version, conflict,
      "table '" + changes.location + "': nothing was committed, since its version " +
          std::to_string(version) +
          ", from which the transaction started, is not there any more: " + conflict.reason);
}

// Goes past the commits that others have made meanwhile. Gives the version of one that is what this
// transaction would do.
std::optional<std::int64_t> follow_winners(Predecessor& predecessor,
                                           const TransactionChanges& changes,
                                           const TransactionIntent& intent) {
  while (true) {
    const std::int64_t version = predecessor.version + 1;
    const auto winner = read_commit_summary(*changes.store, changes.location, version);
    if (!winner) return std::nullopt;
    if (!changes.base) throw_table_created(changes.location, version);
    if (is_done_by(intent, *winner)) return version;
    if (const auto conflict = conflict_with(intent, *changes.base, *winner)) {
      throw_conflict(changes.location, version, *conflict);
    }
    follow(predecessor, *winner, changes);
  }
}

// What could not be done; the commit stands.
std::vector<std::string> after_commit(const CommitAttempt& committed,
                                      const Predecessor& predecessor,
                                      const TransactionChanges& changes,
                                      const CommitOptions& options, const std::string& txn_id) {
  static const std::shared_ptr<ParquetEngine> no_engine;
  std::vector<std::string> warnings;
  best_effort("version checksum", warnings,
              [&] { put_version_checksum(committed, predecessor, changes, txn_id); });
  const CommittedVersion version{changes.store, changes.base ? changes.base->engine() : no_engine,
                                 changes.location, committed.version};
  put_checkpoint_when_due(version, committed.metadata, options.clock, warnings);
  return warnings;
}

}  // namespace

CommitResult commit_changes(const TransactionChanges& changes, const CommitOptions& options) {
  const TransactionIntent intent = changes.intent();
  if (!changes.base && has_log(*changes.store, changes.location)) {
    throw_table_created(changes.location, 0);
  }
  const std::string txn_id = base::random_uuid();
  Predecessor predecessor = base_predecessor(changes);
  CommitAttempt attempt;
  for (int retries = 0;; ++retries) {
    attempt = attempt_after(predecessor, changes, options, txn_id);
    require_base(changes);
    if (put_commit(*changes.store, changes.location, attempt.version, attempt.text, txn_id)) break;
    if (const auto done = follow_winners(predecessor, changes, intent)) {
      return {.version = *done, .already_committed = true, .warnings = {}};
    }
    if (retries >= options.max_retries) {
      throw_conflict(changes.location, attempt.version,
                     {"RetriesExhausted",
                      "no version was free after " + std::to_string(retries) + " retries"});
    }
  }
  CommitResult result;
  result.version = attempt.version;
  result.files_added = static_cast<std::int64_t>(changes.adds.size());
  for (const AddFile& add : changes.adds) result.bytes_added += add.size;
  result.warnings = after_commit(attempt, predecessor, changes, options, txn_id);
  return result;
}

}  // namespace delta
