#include "delta/src/conflict.h"

#include <algorithm>
#include <iterator>

#include "base/ascii.h"
#include "delta/data_skipping.h"
#include "delta/identity_columns.h"
#include "delta/invalid_property.h"
#include "delta/store.h"

namespace delta {
namespace {

constexpr const char* kIsolationProperty = "delta.isolationLevel";

std::optional<Conflict> transaction_conflict(const TransactionIntent& intent,
                                             const CommitSummary& winner) {
  for (const auto& [app_id, version] : intent.transactions) {
    if (!winner.transactions.contains(app_id)) continue;
    return Conflict{"ConcurrentTransaction", "it set the transaction '" + app_id + "' too"};
  }
  for (const std::string& domain : intent.domains) {
    if (!winner.domains.contains(domain)) continue;
    return Conflict{"ConcurrentDomainMetadata", "it set the metadata domain '" + domain + "' too"};
  }
  return std::nullopt;
}

// The rows that came with `winner` and that the transaction should have seen.
std::vector<AddFile> new_rows(const TransactionIntent& intent, const CommitSummary& winner) {
  if (intent.isolation == IsolationLevel::kSnapshot) return {};
  const bool may_come_later =
      intent.isolation == IsolationLevel::kWriteSerializable && !intent.changes_metadata;
  if (winner.is_blind_append() && may_come_later) return {};
  // Files that are only arranged anew hold rows that were there.
  std::vector<AddFile> files;
  std::copy_if(winner.adds.begin(), winner.adds.end(), std::back_inserter(files),
               [](const AddFile& file) { return file.data_change; });
  return files;
}

std::optional<Conflict> append_conflict(const TransactionIntent& intent, const Snapshot& base,
                                        const CommitSummary& winner) {
  const std::vector<AddFile> files = new_rows(intent, winner);
  if (files.empty()) return std::nullopt;
  Conflict conflict{"ConcurrentAppend", "it added rows that this transaction should read"};
  if (intent.reads.whole_table) return conflict;
  for (const Predicate& predicate : intent.reads.predicates) {
    if (any_may_match(base, predicate, files)) return conflict;
  }
  return std::nullopt;
}

// Of the files that the transaction read, one that `winner` removed.
std::optional<std::string> removed_read(const TransactionReads& reads, const Snapshot& base,
                                        const CommitSummary& winner) {
  if (winner.removed_paths.empty()) return std::nullopt;
  if (reads.whole_table) return *winner.removed_paths.begin();
  for (const std::string& path : winner.removed_paths) {
    if (reads.files.contains(path)) return path;
  }
  if (reads.predicates.empty()) return std::nullopt;
  std::vector<AddFile> removed;
  for (const AddFile& file : base.files()) {
    if (winner.removed_paths.contains(canonical_path(file.path))) removed.push_back(file);
  }
  for (const AddFile& file : removed) {
    for (const Predicate& predicate : reads.predicates) {
      if (any_may_match(base, predicate, {&file, 1})) return canonical_path(file.path);
    }
  }
  return std::nullopt;
}

std::optional<Conflict> file_conflict(const TransactionIntent& intent, const Snapshot& base,
                                      const CommitSummary& winner) {
  for (const std::string& path : winner.removed_paths) {
    if (!intent.removed_paths.contains(path)) continue;
    return Conflict{"ConcurrentDeleteDelete", "it removed the file '" + path + "' too"};
  }
  if (const auto path = removed_read(intent.reads, base, winner)) {
    return Conflict{"ConcurrentDeleteRead",
                    "it removed the file '" + *path + "', which this transaction has read"};
  }
  // Such as one whose row ids have been filled in: what is known of it here is out of date.
  for (const AddFile& file : winner.adds) {
    const std::string path = canonical_path(file.path);
    if (!intent.removed_paths.contains(path)) continue;
    return Conflict{"ConcurrentAppend",
                    "it committed the file '" + path + "' anew, which this transaction removes"};
  }
  return append_conflict(intent, base, winner);
}

// Values that others have generated for identity columns matter to those who generate some.
bool may_follow_metadata(const TransactionIntent& intent, const Snapshot& base,
                         const Metadata& changed) {
  if (intent.changes_metadata) return false;
  return changed == base.metadata() || differ_in_high_water_marks_only(base.metadata(), changed);
}

}  // namespace

std::optional<IsolationLevel> parse_isolation_level(const std::string& text) {
  for (const IsolationLevel level :
       {IsolationLevel::kSerializable, IsolationLevel::kWriteSerializable}) {
    if (base::equal_ignoring_case(text, to_string(level))) return level;
  }
  return std::nullopt;
}

IsolationLevel isolation_level(const Metadata& metadata) {
  const auto entry = metadata.configuration.find(kIsolationProperty);
  if (entry == metadata.configuration.end()) return IsolationLevel::kSerializable;
  if (const auto level = parse_isolation_level(entry->second)) return *level;
  throw_invalid_property(kIsolationProperty, entry->second,
                         "neither Serializable nor WriteSerializable");
}

std::string to_string(IsolationLevel level) {
  switch (level) {
    case IsolationLevel::kSerializable:
      return "Serializable";
    case IsolationLevel::kWriteSerializable:
      return "WriteSerializable";
    case IsolationLevel::kSnapshot:
      break;
  }
  return "SnapshotIsolation";
}

bool is_done_by(const TransactionIntent& intent, const CommitSummary& winner) {
  return !intent.transactions.empty() &&
         std::all_of(intent.transactions.begin(), intent.transactions.end(), [&](const auto& own) {
           const auto there = winner.transactions.find(own.first);
           return there != winner.transactions.end() && there->second.version >= own.second;
         });
}

std::optional<Conflict> conflict_with(const TransactionIntent& intent, const Snapshot& base,
                                      const CommitSummary& winner) {
  if (winner.changes_protocol) {
    return Conflict{"ProtocolChanged", "it changed the table's protocol"};
  }
  if (winner.metadata && !may_follow_metadata(intent, base, *winner.metadata)) {
    return Conflict{"MetadataChanged", "it changed the table's metadata"};
  }
  if (auto conflict = transaction_conflict(intent, winner)) return conflict;
  return file_conflict(intent, base, winner);
}

}  // namespace delta
