#include "delta/transaction.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "base/error.h"
#include "base/time.h"
#include "delta/clustering_columns.h"
#include "delta/file_rows.h"
#include "delta/identity_columns.h"
#include "delta/src/checked_configuration.h"
#include "delta/src/commit_changes.h"
#include "delta/src/features.h"
#include "delta/src/row_rules.h"
#include "delta/src/table_definition.h"
#include "delta/src/transaction_changes.h"
#include "delta/src/wide_bounds.h"
#include "delta/store.h"
#include "delta/table_changes.h"

namespace delta {
namespace {

RemoveFile to_remove(const AddFile& add) {
  RemoveFile remove;
  remove.path = add.path;
  remove.data_change = true;
  remove.extended_file_metadata = true;
  remove.partition_values = add.partition_values;
  remove.size = add.size;
  remove.deletion_vector = add.deletion_vector;
  remove.base_row_id = add.base_row_id;
  remove.default_row_commit_version = add.default_row_commit_version;
  return remove;
}

NewTable definition_of(const Metadata& metadata) {
  return {parse_schema(metadata.schema_string), metadata.partition_columns, metadata.configuration,
          metadata.name};
}

[[noreturn]] void unsupported(const std::string& location, const std::string& feature,
                              const std::string& what) {
  throw base::Error(base::Stage::kRuntime, "DELTA_UNSUPPORTED_FEATURE",
                    "table '" + location + "': " + what + " (feature '" + feature + "')",
                    {{"path", location}, {"feature", feature}});
}

// A table that gets other columns is clustered as before, if it has the columns for it still.
void settle_clustering(TransactionChanges& changes, NewTable definition) {
  if (!changes.base || !has_feature(changes.base->protocol(), "clustering")) return;
  const Snapshot& base = *changes.base;
  if (changes.metadata.schema_string == base.metadata().schema_string &&
      changes.metadata.partition_columns == base.metadata().partition_columns) {
    return;
  }
  definition.clustering_columns = clustering_columns(base);
  if (definition.clustering_columns.empty()) return;
  if (!can_be_clustered(definition)) definition.clustering_columns.clear();
  DomainMetadata domain =
      clustering_domain(changes.protocol, changes.metadata, definition.clustering_columns);
  const DomainMetadata& before = base.domain_metadata().at(domain.domain);
  if (nlohmann::json::parse(before.configuration).at("clusteringColumns") ==
      nlohmann::json::parse(domain.configuration).at("clusteringColumns")) {
    return;
  }
  changes.set_domain(std::move(domain));
}

}  // namespace

Transaction::Transaction(std::unique_ptr<TransactionChanges> changes)
    : changes_(std::move(changes)) {}
Transaction::Transaction(Transaction&&) noexcept = default;
Transaction& Transaction::operator=(Transaction&&) noexcept = default;
Transaction::~Transaction() = default;

Transaction Transaction::create(std::shared_ptr<Store> store, const std::string& location,
                                const NewTable& wanted, const WriterCapabilities& capabilities) {
  NewTable table = wanted;
  table.configuration = checked_configuration(wanted, {});
  check_definition(table);
  auto changes = std::make_unique<TransactionChanges>();
  changes->store = std::move(store);
  changes->location = normalize_location(location);
  changes->capabilities = capabilities;
  changes->protocol = protocol_for(table);
  changes->metadata = completed(new_metadata(table), changes->protocol, nullptr);
  changes->changes_protocol = true;
  changes->changes_metadata = true;
  check_writable(changes->protocol, changes->metadata, capabilities);
  if (!table.clustering_columns.empty()) {
    changes->domains.push_back(
        clustering_domain(changes->protocol, changes->metadata, table.clustering_columns));
  }
  return Transaction(std::move(changes));
}

Transaction Transaction::start(std::shared_ptr<const Snapshot> base,
                               const WriterCapabilities& capabilities) {
  check_writable(base->protocol(), base->metadata(), capabilities);
  auto changes = std::make_unique<TransactionChanges>();
  changes->store = base->store();
  changes->location = base->location();
  changes->capabilities = capabilities;
  changes->protocol = base->protocol();
  changes->metadata = base->metadata();
  changes->base = std::move(base);
  return Transaction(std::move(changes));
}

const Protocol& Transaction::protocol() const { return changes_->protocol; }
const Metadata& Transaction::metadata() const { return changes_->metadata; }

void Transaction::add(AddFile file) { changes_->adds.push_back(std::move(file)); }

void Transaction::remove(const AddFile& file) {
  changes_->removed_paths.insert(canonical_path(file.path));
  changes_->removes.push_back(to_remove(file));
}

void Transaction::remove_all() {
  if (changes_->removes_all) return;
  changes_->removes_all = true;
  if (!changes_->base) return;
  for (const AddFile& file : changes_->base->files()) {
    if (changes_->removed_paths.contains(canonical_path(file.path))) continue;
    remove(file);
  }
}

void Transaction::replace_deletion_vector(const AddFile& file,
                                          DeletionVectorDescriptor deletion_vector) {
  if (!has_feature(changes_->protocol, "deletionVectors")) {
    unsupported(changes_->location, "deletionVectors", "it has no deletion vectors");
  }
  if (records_changes(changes_->metadata) && !changes_->capabilities.change_data) {
    unsupported(changes_->location, "changeDataFeed",
                "rows of a file cannot be deleted without change data");
  }
  AddFile changed = file;
  changed.deletion_vector = std::move(deletion_vector);
  if (!file_rows({&changed, 1}).front()) {
    throw base::Error(base::Stage::kRuntime, "DELTA_STATS_MISSING",
                      "table '" + changes_->location + "': no deletion vector for the file '" +
                          file.path + "', whose statistics do not say how many rows it holds",
                      {{"path", changes_->location}, {"file", file.path}});
  }
  changed.stats = with_wide_bounds(*changed.stats);
  changed.data_change = true;
  remove(file);
  add(std::move(changed));
}

void Transaction::add_change_data(AddCdcFile file) {
  changes_->change_data.push_back(std::move(file));
}

void Transaction::update_metadata(Metadata metadata) {
  NewTable definition = definition_of(metadata);
  definition.configuration = checked_configuration(definition, changes_->metadata.configuration);
  metadata.configuration = definition.configuration;
  check_definition(definition);
  const Protocol protocol = upgraded(changes_->protocol, protocol_for(definition));
  metadata = completed(std::move(metadata), protocol, &changes_->metadata);
  check_writable(protocol, metadata, changes_->capabilities);
  if (changes_->base && has_new_row_rule(changes_->base->metadata(), metadata)) {
    changes_->reads.whole_table = true;
  }
  changes_->changes_protocol = changes_->changes_protocol || protocol != changes_->protocol;
  changes_->changes_metadata = changes_->changes_metadata || metadata != changes_->metadata;
  changes_->protocol = protocol;
  changes_->metadata = std::move(metadata);
  settle_clustering(*changes_, definition);
}

void Transaction::set_high_water_marks(const std::map<std::string, std::int64_t>& marks) {
  if (marks.empty()) return;
  Metadata raised = with_high_water_marks(changes_->metadata, marks);
  changes_->changes_metadata = changes_->changes_metadata || raised != changes_->metadata;
  changes_->metadata = std::move(raised);
}

void Transaction::set_domain_metadata(DomainMetadata domain) {
  if (!has_feature(changes_->protocol, "domainMetadata")) {
    unsupported(changes_->location, "domainMetadata", "it has no metadata domains");
  }
  if (domain.domain.starts_with("delta.") && domain.domain != "delta.clustering") {
    unsupported(changes_->location, domain.domain, "the domain is not the caller's to set");
  }
  changes_->set_domain(std::move(domain));
}

void Transaction::set_transaction(SetTransaction transaction) {
  changes_->transactions.push_back(std::move(transaction));
}

void Transaction::set_data_change(bool data_change) { changes_->data_change = data_change; }

void Transaction::read_whole_table() { changes_->reads.whole_table = true; }

void Transaction::read_files(Predicate predicate) {
  changes_->reads.predicates.push_back(std::move(predicate));
}

void Transaction::read_file(const AddFile& file) {
  changes_->reads.files.insert(canonical_path(file.path));
}

CommitResult Transaction::commit(const CommitOptions& options) {
  changes_->check();
  changes_->settle(options.clock ? options.clock() : base::now_ms());
  return commit_changes(*changes_, options);
}

}  // namespace delta
