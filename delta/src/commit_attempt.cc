#include "delta/src/commit_attempt.h"

#include <algorithm>

#include "base/time.h"
#include "delta/src/commit_provenance.h"
#include "delta/src/features.h"
#include "delta/src/log_path.h"
#include "delta/src/row_ids.h"
#include "delta/word_property.h"

namespace delta {
namespace {

void append_line(std::string& text, const Action& action) {
  text += to_json_line(action);
  text += '\n';
}

// Of a commit, when the next one must come after it.
std::optional<std::int64_t> time_of(const CommitSummary& commit,
                                    const TransactionChanges& changes) {
  if (const auto time = commit.in_commit_timestamp()) return time;
  if (!changes.enables_in_commit_timestamps()) return std::nullopt;
  const std::string path = commit_path(changes.location, commit.version);
  const auto files =
      changes.store->list(log_folder(changes.location), path.substr(path.rfind('/') + 1));
  if (files.empty() || files.front().path != path) return std::nullopt;
  return files.front().modification_time;
}

std::optional<bool> preserves_row_tracking(const TransactionChanges& changes,
                                           const CommitOptions& options) {
  if (!has_feature(changes.protocol, "rowTracking") ||
      !is_enabled(changes.metadata, "delta.enableRowTracking")) {
    return std::nullopt;
  }
  return !changes.moves_rows() || options.preserves_row_tracking;
}

void append_adds(CommitAttempt& attempt, const Predecessor& predecessor,
                 const TransactionChanges& changes) {
  if (!assigns_row_ids(changes.protocol, changes.metadata)) {
    for (const AddFile& add : changes.adds) append_line(attempt.text, add);
    return;
  }
  for (AddFile add : changes.adds) {
    assign_row_ids(add, attempt.version, attempt.row_ids);
    append_line(attempt.text, add);
  }
  if (attempt.row_ids != predecessor.row_ids) {
    append_line(attempt.text, row_id_domain(attempt.row_ids));
  }
}

}  // namespace

Predecessor base_predecessor(const TransactionChanges& changes) {
  if (!changes.base) return {};
  const Snapshot& base = *changes.base;
  Predecessor predecessor{.version = base.version(), .timestamp = std::nullopt};
  if (is_enabled(changes.metadata, kInCommitTimestampsProperty)) {
    const auto commit = read_commit_summary(*changes.store, changes.location, base.version());
    if (commit) predecessor.timestamp = time_of(*commit, changes);
  }
  if (assigns_row_ids(changes.protocol, changes.metadata)) {
    predecessor.row_ids = row_id_high_water_mark(base.location(), base.domain_metadata());
  }
  return predecessor;
}

void follow(Predecessor& predecessor, const CommitSummary& winner,
            const TransactionChanges& changes) {
  predecessor.version = winner.version;
  predecessor.timestamp = time_of(winner, changes);
  if (winner.metadata) predecessor.metadata = winner.metadata;
  predecessor.row_ids =
      std::max(predecessor.row_ids, row_id_high_water_mark(changes.location, winner.domains));
  predecessor.since_base.count_commit(winner.adds, winner.removes);
  for (const auto& [id, transaction] : winner.transactions) {
    predecessor.since_base.set(transaction);
  }
  for (const auto& [name, domain] : winner.domains) predecessor.since_base.set(domain);
}

CommitAttempt attempt_after(const Predecessor& predecessor, const TransactionChanges& changes,
                            const CommitOptions& options, const std::string& txn_id) {
  CommitProvenance provenance{
      .options = options,
      .adds = changes.adds,
      .timestamp = options.clock ? options.clock() : base::now_ms(),
      .txn_id = txn_id,
      .is_blind_append = changes.is_blind_append(),
      .isolation_level = to_string(changes.intent().isolation),
      .preserves_row_tracking = preserves_row_tracking(changes, options),
      .only_raises_high_water_marks = changes.only_raises_high_water_marks(),
      .read_version = std::nullopt,
      .in_commit_timestamp = std::nullopt};
  if (changes.base) provenance.read_version = changes.base->version();
  CommitAttempt attempt{.version = predecessor.version + 1,
                        .text = {},
                        .timestamp = std::nullopt,
                        .metadata = predecessor.metadata.value_or(changes.metadata),
                        .row_ids = predecessor.row_ids};
  if (is_enabled(changes.metadata, kInCommitTimestampsProperty)) {
    const std::int64_t time = std::max(provenance.timestamp, predecessor.timestamp.value_or(0) + 1);
    attempt.timestamp = time;
    provenance.in_commit_timestamp = time;
    if (changes.enables_in_commit_timestamps()) {
      auto& properties = attempt.metadata.configuration;
      properties["delta.inCommitTimestampEnablementVersion"] = std::to_string(attempt.version);
      properties["delta.inCommitTimestampEnablementTimestamp"] = std::to_string(time);
    }
  }
  std::string& text = attempt.text;
  append_line(text, to_commit_info(provenance));  // first, as in-commit timestamps demand
  if (changes.changes_protocol) append_line(text, changes.protocol);
  if (changes.changes_metadata) append_line(text, attempt.metadata);
  for (const SetTransaction& transaction : changes.transactions) append_line(text, transaction);
  for (const DomainMetadata& domain : changes.domains) append_line(text, domain);
  for (const RemoveFile& remove : changes.removes) append_line(text, remove);
  append_adds(attempt, predecessor, changes);
  for (const AddCdcFile& file : changes.change_data) append_line(text, file);
  return attempt;
}

}  // namespace delta
