#include "delta/src/commit_checksum.h"

#include <optional>

#include "delta/src/log_path.h"
#include "delta/src/row_ids.h"
#include "delta/src/version_checksum.h"

namespace delta {
namespace {

// That of the version which the transaction started from, when it costs little to know.
std::optional<VersionChecksum> base_checksum(const TransactionChanges& changes) {
  VersionChecksum sums;
  sums.deleted_records = 0;
  sums.deletion_vectors = 0;
  sums.transactions.emplace();
  sums.domain_metadata.emplace();
  if (!changes.base) return sums;
  const Snapshot& base = *changes.base;
  auto there = read_version_checksum(*changes.store, changes.location, base.version());
  if (there && there->metadata == base.metadata() && there->protocol == base.protocol()) {
    return there;
  }
  // Who removes files has read the list of them.
  if (changes.removes.empty()) return std::nullopt;
  ChecksumChange files;
  for (const AddFile& file : base.files()) files.add(file);
  files.apply_to(sums);
  sums.transactions = std::nullopt;
  sums.domain_metadata = base.domain_metadata();
  return sums;
}

ChecksumChange change_since_base(const CommitAttempt& committed, const Predecessor& predecessor,
                                 const TransactionChanges& changes) {
  ChecksumChange change = predecessor.since_base;
  change.count_commit(changes.adds, changes.removes);
  for (const SetTransaction& transaction : changes.transactions) change.set(transaction);
  for (const DomainMetadata& domain : changes.domains) change.set(domain);
  if (committed.row_ids != predecessor.row_ids) change.set(row_id_domain(committed.row_ids));
  return change;
}

}  // namespace

void put_version_checksum(const CommitAttempt& committed, const Predecessor& predecessor,
                          const TransactionChanges& changes, const std::string& txn_id) {
  auto sums = base_checksum(changes);
  if (!sums || !change_since_base(committed, predecessor, changes).apply_to(*sums)) return;
  sums->txn_id = txn_id;
  sums->in_commit_timestamp = committed.timestamp;
  sums->metadata = committed.metadata;
  sums->protocol = changes.protocol;
  // Some of them count as gone, as time goes by.
  if (changes.metadata.configuration.contains("delta.setTransactionRetentionDuration")) {
    sums->transactions = std::nullopt;
  }
  changes.store->put_if_absent(checksum_path(changes.location, committed.version), to_json(*sums));
}

}  // namespace delta
