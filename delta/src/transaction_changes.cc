#include "delta/src/transaction_changes.h"

#include <algorithm>
#include <map>
#include <utility>

#include "base/error.h"
#include "delta/column_mapping.h"
#include "delta/data_file_schema.h"
#include "delta/identity_columns.h"
#include "delta/schema_merge.h"
#include "delta/src/commit_provenance.h"
#include "delta/src/file_key_set.h"
#include "delta/src/row_ids.h"
#include "delta/src/type_change.h"
#include "delta/store.h"
#include "delta/word_property.h"

namespace delta {

void TransactionChanges::set_domain(DomainMetadata domain) {
  std::erase_if(domains,
                [&](const DomainMetadata& other) { return other.domain == domain.domain; });
  domains.push_back(std::move(domain));
}

void TransactionChanges::check() const {
  const bool removes_data = std::any_of(removes.begin(), removes.end(),
                                        [](const RemoveFile& file) { return file.data_change; });
  if (removes_data && data_change && is_enabled(metadata, "delta.appendOnly")) {
    throw base::Error(base::Stage::kRuntime, "DELTA_APPEND_ONLY",
                      "table '" + location +
                          "' is append-only (delta.appendOnly): no file "
                          "may be removed from it",
                      {{"path", location}});
  }
  check_types();
}

// PROTOCOL.md, "Add File and Remove File".
void TransactionChanges::check_files() const {
  const auto refuse = [&](const std::string& path, const std::string& what) {
    throw base::Error(
        base::Stage::kRuntime, "DELTA_FILE_REPEATED",
        "table '" + location + "': a commit cannot " + what + " the file '" + path + "'",
        {{"path", location}, {"file", path}});
  };
  FileKeySet paths;
  FileKeySet files;
  bool has_vectors = false;
  for (const AddFile& file : adds) {
    if (!paths.insert(file.path, std::nullopt)) refuse(file.path, "add twice");
    files.insert(file.path, file.deletion_vector);
    has_vectors = has_vectors || file.deletion_vector;
  }
  for (const RemoveFile& file : removes) {
    if (files.contains(file.path, file.deletion_vector)) refuse(file.path, "add and remove");
  }
  // Appends of files that are new do without the files of the table.
  if (!has_vectors || !base) return;
  for (const AddFile& file : base->files()) {
    if (!paths.contains(file.path, std::nullopt) ||
        files.contains(file.path, file.deletion_vector) ||
        removed_paths.contains(canonical_path(file.path))) {
      continue;
    }
    refuse(file.path, "add, without a removal, another deletion vector of");
  }
}

// Files that stay are read with the new schema.
void TransactionChanges::check_types() const {
  if (!base || !changes_metadata || removes_all) return;
  // A name may go from one column to another; in files it stays.
  const Schema before =
      physical_schema(base->schema(), column_mapping(base->protocol(), base->metadata()));
  const Schema after =
      physical_schema(parse_schema(metadata.schema_string), column_mapping(protocol, metadata));
  const auto column = changed_type(before, after, allows_type_widening(protocol, metadata));
  if (!column || base->files().size() == removed_paths.size()) return;
  throw base::Error(base::Stage::kRuntime, "DELTA_SCHEMA_MISMATCH",
                    "table '" + location + "': the type of column '" + *column +
                        "' cannot change while files hold its values",
                    {{"path", location}, {"column", *column}});
}

void TransactionChanges::settle(std::int64_t now) {
  for (RemoveFile& file : removes) file.deletion_timestamp = now;
  if (!data_change) {
    for (AddFile& file : adds) file.data_change = false;
    for (RemoveFile& file : removes) file.data_change = false;
  }
  settle_row_ids();
  check_files();
}

void TransactionChanges::settle_row_ids() {
  if (!assigns_row_ids(protocol, metadata)) return;
  std::map<std::string, const RemoveFile*> removed;
  for (const RemoveFile& file : removes) removed.emplace(canonical_path(file.path), &file);
  for (AddFile& file : adds) {
    const auto before = removed.find(canonical_path(file.path));
    if (before == removed.end()) continue;
    file.base_row_id = before->second->base_row_id;
    file.default_row_commit_version = before->second->default_row_commit_version;
  }
  give_row_ids_to_old_files();
}

// A table that begins to track its rows must do so for all of them.
void TransactionChanges::give_row_ids_to_old_files() {
  constexpr const char* kEnabled = "delta.enableRowTracking";
  if (!base || removes_all || !is_enabled(metadata, kEnabled)) return;
  if (is_enabled(base->metadata(), kEnabled)) return;
  reads.whole_table = true;
  FileKeySet added;
  for (const AddFile& file : adds) added.insert(file.path, std::nullopt);
  for (const AddFile& file : base->files()) {
    if (file.base_row_id || removed_paths.contains(canonical_path(file.path))) continue;
    if (added.contains(file.path, std::nullopt)) continue;
    adds.push_back(file);
    adds.back().data_change = false;
  }
}

TransactionIntent TransactionChanges::intent() const {
  TransactionIntent intent;
  intent.reads = reads;
  if (removes_all) intent.reads.predicates.emplace_back();  // unknown: may be true of any row
  if (!removes.empty() && intent.reads.empty() && changes_data()) intent.reads.whole_table = true;
  intent.removed_paths = removed_paths;
  for (const SetTransaction& transaction : transactions) {
    intent.transactions[transaction.app_id] = transaction.version;
  }
  for (const DomainMetadata& domain : domains) intent.domains.insert(domain.domain);
  intent.changes_metadata = changes_metadata;
  intent.isolation = isolation_level(metadata);
  const bool has_files = !adds.empty() || !removes.empty();
  if (has_files && !changes_data() && !changes_metadata) {
    intent.isolation = IsolationLevel::kSnapshot;
  }
  return intent;
}

bool TransactionChanges::changes_data() const {
  const auto changes = [](const auto& file) { return file.data_change; };
  return std::any_of(adds.begin(), adds.end(), changes) ||
         std::any_of(removes.begin(), removes.end(), changes);
}

bool TransactionChanges::is_blind_append() const {
  return (!changes_metadata || only_raises_high_water_marks()) && !changes_protocol &&
         removes.empty() && !removes_all && reads.empty();
}

bool TransactionChanges::only_raises_high_water_marks() const {
  return base && differ_in_high_water_marks_only(base->metadata(), metadata);
}

bool TransactionChanges::enables_in_commit_timestamps() const {
  return base && is_enabled(metadata, kInCommitTimestampsProperty) &&
         !is_enabled(base->metadata(), kInCommitTimestampsProperty);
}

bool TransactionChanges::moves_rows() const {
  return !removes.empty() && std::any_of(adds.begin(), adds.end(), [&](const AddFile& file) {
    return !removed_paths.contains(canonical_path(file.path));
  });
}

}  // namespace delta
