#include "delta/src/commit_checksum.h"

#include <optional>
#include <vector>

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
  sums.all_files.emplace();
  if (!changes.base) return sums;
  const Snapshot& base = *changes.base;
  auto there = read_version_checksum(*changes.store, changes.location, base.version());
  // Who removes files has read the list of them.
  const bool knows_files = !changes.removes.empty();
  if (there && there->metadata == base.metadata() && there->protocol == base.protocol()) {
    if (!there->all_files && knows_files) {
      const SnapshotFiles files = base.files();
      there->all_files = listing_of({files.begin(), files.end()});
    }
    return there;
  }
  if (!knows_files) return std::nullopt;
  ChecksumChange files;
  for (const AddFile& file : base.files()) files.add(file);
  files.apply_to(sums);
  sums.transactions = std::nullopt;
  sums.domain_metadata = base.domain_metadata();
  return sums;
}

std::vector<AddFile> adds_with_row_ids(const CommitAttempt& committed,
                                       const Predecessor& predecessor,
                                       const TransactionChanges& changes) {
  std::vector<AddFile> adds = changes.adds;
  std::int64_t row_ids = predecessor.row_ids;
  for (AddFile& add : adds) assign_row_ids(add, committed.version, row_ids);
  return adds;
}

ChecksumChange change_since_base(const CommitAttempt& committed, const Predecessor& predecessor,
                                 const TransactionChanges& changes) {
  ChecksumChange change = predecessor.since_base;
  if (assigns_row_ids(changes.protocol, changes.metadata)) {
    change.count_commit(adds_with_row_ids(committed, predecessor, changes), changes.removes);
  } else {
    change.count_commit(changes.adds, changes.removes);
  }
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
