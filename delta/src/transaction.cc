#include "delta/transaction.h"

#include <algorithm>
#include <set>
#include <utility>

#include "base/error.h"
#include "base/time.h"
#include "base/uuid.h"
#include "delta/clustering_columns.h"
#include "delta/column_mapping.h"
#include "delta/data_file_schema.h"
#include "delta/file_rows.h"
#include "delta/identity_columns.h"
#include "delta/src/after_commit.h"
#include "delta/src/commit_file.h"
#include "delta/src/commit_provenance.h"
#include "delta/src/conflict.h"
#include "delta/src/features.h"
#include "delta/src/log_path.h"
#include "delta/src/log_segment.h"
#include "delta/src/path_encoding.h"
#include "delta/src/row_ids.h"
#include "delta/src/table_definition.h"
#include "delta/src/type_change.h"
#include "delta/src/version_checksum.h"
#include "delta/src/wide_bounds.h"

namespace delta {
namespace {

constexpr const char* kOutcomeDetail = "outcome";
constexpr const char* kUnknownOutcome = "unknown";

// `error` with the word that its commit may be in the log, or come to be there.
base::Error with_unknown_outcome(const base::Error& error) {
  auto details = error.details();
  details[kOutcomeDetail] = kUnknownOutcome;
  return {error.stage(), error.code(), error.what(), std::move(details)};
}

// What a commit takes over from the one before it.
struct Predecessor {
  std::int64_t version = -1;
  std::optional<std::int64_t> timestamp;  // in-commit, ms since the epoch
  std::int64_t row_ids = -1;              // high-water mark
  std::optional<Metadata> metadata;       // when others have changed it since
  ChecksumChange since_base;
};

// A commit as it is tried.
struct Attempt {
  std::string text;
  std::optional<std::int64_t> timestamp;  // in-commit
  Metadata metadata;                      // of the table after it
  std::int64_t row_ids = -1;
};

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

void append_line(std::string& text, const Action& action) {
  text += to_json_line(action);
  text += '\n';
}

// What stands in the way of appends that do not know of it: the rules that rows must meet.
std::map<std::string, std::string> row_rules(const Metadata& metadata) {
  std::map<std::string, std::string> rules;
  for (const auto& [key, value] : metadata.configuration) {
    if (key.starts_with("delta.constraints.")) rules.emplace(key, value);
  }
  for (const StructField& field : parse_schema(metadata.schema_string).fields) {
    if (!field.nullable) rules.emplace("not null " + field.name, "");
    const auto invariant = field.metadata.find("delta.invariants");
    if (invariant != field.metadata.end()) rules.emplace(field.name, invariant->dump());
  }
  return rules;
}

bool has_new_row_rule(const Metadata& before, const Metadata& after) {
  const auto old = row_rules(before);
  const auto now = row_rules(after);
  return std::any_of(now.begin(), now.end(), [&](const auto& rule) {
    const auto there = old.find(rule.first);
    return there == old.end() || there->second != rule.second;
  });
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

}  // namespace

struct Transaction::State {
  std::shared_ptr<Store> store;
  std::string location;
  std::shared_ptr<const Snapshot> base;  // null when the table is being created
  WriterCapabilities capabilities;
  Protocol protocol;  // of the table after the commit
  Metadata metadata;  // likewise
  bool changes_protocol = false;
  bool changes_metadata = false;
  bool data_change = true;
  std::vector<AddFile> adds;
  std::vector<AddCdcFile> change_data;
  std::vector<RemoveFile> removes;
  std::set<std::string> removed_paths;  // canonical
  bool removes_all = false;
  std::vector<SetTransaction> transactions;
  std::vector<DomainMetadata> domains;
  TransactionReads reads;

  bool is_blind_append() const {
    return (!changes_metadata || only_raises_high_water_marks()) && !changes_protocol &&
           removes.empty() && !removes_all && reads.empty();
  }
  bool only_raises_high_water_marks() const {
    return base && differ_in_high_water_marks_only(base->metadata(), metadata);
  }
  TransactionIntent intent() const;
  bool enables_in_commit_timestamps() const {
    return base && is_enabled(metadata, kInCommitTimestampsProperty) &&
           !is_enabled(base->metadata(), kInCommitTimestampsProperty);
  }
  bool changes_data() const;
  void settle_clustering(NewTable definition);
  void check() const;
  void check_types() const;
  void settle(std::int64_t now);
  void give_row_ids_to_old_files();
  Predecessor base_commit() const;
  void follow(Predecessor& predecessor, const CommitSummary& winner) const;
  std::optional<CommitResult> follow_winners(const TransactionIntent& intent,
                                             Predecessor& predecessor) const;
  std::optional<std::int64_t> time_of(const CommitSummary& commit) const;
  Attempt attempt(const CommitOptions& options, const std::string& txn_id,
                  const Predecessor& predecessor) const;
  void append_adds(Attempt& attempt, const Predecessor& predecessor) const;
  std::optional<VersionChecksum> base_checksum() const;
  ChecksumChange own_change(const Predecessor& predecessor, const Attempt& committed) const;
  std::vector<std::string> after_commit(const CommitOptions& options, const std::string& txn_id,
                                        const Predecessor& predecessor,
                                        const Attempt& committed) const;
  std::optional<bool> preserves_row_tracking(const CommitOptions& options) const;
  bool put(std::int64_t version, const std::string& text, const std::string& txn_id) const;
  void require_base() const;
  [[noreturn]] void throw_conflict(std::int64_t version, const Conflict& conflict) const;
  [[noreturn]] void throw_conflict(std::int64_t version, const Conflict& conflict,
                                   const std::string& message) const;
};

bool Transaction::State::changes_data() const {
  const auto changes = [](const auto& file) { return file.data_change; };
  return std::any_of(adds.begin(), adds.end(), changes) ||
         std::any_of(removes.begin(), removes.end(), changes);
}

TransactionIntent Transaction::State::intent() const {
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

void Transaction::State::check() const {
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

// Files that stay are read with the new schema.
void Transaction::State::check_types() const {
  if (!base || !changes_metadata || removes_all) return;
  // A name may go from one column to another; in files it stays.
  const Schema before =
      physical_schema(base->schema(), column_mapping(base->protocol(), base->metadata()));
  const Schema after =
      physical_schema(parse_schema(metadata.schema_string), column_mapping(protocol, metadata));
  const auto column = changed_type(before, after);
  if (!column || base->files().size() == removed_paths.size()) return;
  throw base::Error(base::Stage::kRuntime, "DELTA_SCHEMA_MISMATCH",
                    "table '" + location + "': the type of column '" + *column +
                        "' cannot change while files hold its values",
                    {{"path", location}, {"column", *column}});
}

// A table that gets other columns is clustered as before, if it has the columns for it still.
void Transaction::State::settle_clustering(NewTable definition) {
  const bool has_other_columns =
      base && (metadata.schema_string != base->metadata().schema_string ||
               metadata.partition_columns != base->metadata().partition_columns);
  if (!has_other_columns || !has_feature(base->protocol(), "clustering")) return;
  definition.clustering_columns = clustering_columns(*base);
  if (definition.clustering_columns.empty()) return;
  if (!can_be_clustered(definition)) definition.clustering_columns.clear();
  DomainMetadata domain = clustering_domain(protocol, metadata, definition.clustering_columns);
  const DomainMetadata& before = base->domain_metadata().at(domain.domain);
  if (nlohmann::json::parse(before.configuration).at("clusteringColumns") ==
      nlohmann::json::parse(domain.configuration).at("clusteringColumns")) {
    return;
  }
  std::erase_if(domains,
                [&](const DomainMetadata& other) { return other.domain == domain.domain; });
  domains.push_back(std::move(domain));
}

// Brings what was said one by one into line before it is committed.
void Transaction::State::settle(std::int64_t now) {
  for (RemoveFile& file : removes) file.deletion_timestamp = now;
  if (!data_change) {
    for (AddFile& file : adds) file.data_change = false;
    for (RemoveFile& file : removes) file.data_change = false;
  }
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
void Transaction::State::give_row_ids_to_old_files() {
  constexpr const char* kEnabled = "delta.enableRowTracking";
  if (!base || removes_all || !is_enabled(metadata, kEnabled)) return;
  if (is_enabled(base->metadata(), kEnabled)) return;
  reads.whole_table = true;
  for (const AddFile& file : base->files()) {
    if (file.base_row_id || removed_paths.contains(canonical_path(file.path))) continue;
    adds.push_back(file);
    adds.back().data_change = false;
  }
}

// Of a commit, when the next one must come after it.
std::optional<std::int64_t> Transaction::State::time_of(const CommitSummary& commit) const {
  if (const auto time = commit.in_commit_timestamp()) return time;
  if (!enables_in_commit_timestamps()) return std::nullopt;
  const std::string path = commit_path(location, commit.version);
  const auto files = store->list(log_folder(location), path.substr(path.rfind('/') + 1));
  if (files.empty() || files.front().path != path) return std::nullopt;
  return files.front().modification_time;
}

Predecessor Transaction::State::base_commit() const {
  if (!base) return {};
  Predecessor predecessor{.version = base->version(), .timestamp = std::nullopt};
  if (is_enabled(metadata, kInCommitTimestampsProperty)) {
    const auto commit = read_commit_summary(*store, location, base->version());
    if (commit) predecessor.timestamp = time_of(*commit);
  }
  if (assigns_row_ids(protocol, metadata)) {
    predecessor.row_ids = row_id_high_water_mark(base->domain_metadata());
  }
  return predecessor;
}

void Transaction::State::follow(Predecessor& predecessor, const CommitSummary& winner) const {
  predecessor.version = winner.version;
  predecessor.timestamp = time_of(winner);
  if (winner.metadata) predecessor.metadata = winner.metadata;
  predecessor.row_ids = std::max(predecessor.row_ids, row_id_high_water_mark(winner.domains));
  predecessor.since_base.count_commit(winner.adds, winner.removes);
  for (const auto& [id, transaction] : winner.transactions) {
    predecessor.since_base.set(transaction);
  }
  for (const auto& [name, domain] : winner.domains) predecessor.since_base.set(domain);
}

// Goes past the commits that others have made meanwhile. Says so when they are what this
// transaction would do.
std::optional<CommitResult> Transaction::State::follow_winners(const TransactionIntent& intent,
                                                               Predecessor& predecessor) const {
  while (true) {
    const std::int64_t version = predecessor.version + 1;
    const auto winner = read_commit_summary(*store, location, version);
    if (!winner) return std::nullopt;
    if (!base) throw_conflict(version, {"TableCreated", "the table has been created"});
    if (is_done_by(intent, *winner)) {
      CommitResult done;
      done.version = version;
      done.already_committed = true;
      return done;
    }
    if (const auto conflict = conflict_with(intent, *base, *winner)) {
      throw_conflict(version, *conflict);
    }
    follow(predecessor, *winner);
  }
}

std::optional<bool> Transaction::State::preserves_row_tracking(const CommitOptions& options) const {
  if (!has_feature(protocol, "rowTracking") || !is_enabled(metadata, "delta.enableRowTracking")) {
    return std::nullopt;
  }
  // Rows move where a file comes that has not been there, and another goes.
  const bool adds_new = std::any_of(adds.begin(), adds.end(), [&](const AddFile& file) {
    return !removed_paths.contains(canonical_path(file.path));
  });
  return removes.empty() || !adds_new || options.preserves_row_tracking;
}

Attempt Transaction::State::attempt(const CommitOptions& options, const std::string& txn_id,
                                    const Predecessor& predecessor) const {
  CommitProvenance provenance{.options = options,
                              .adds = adds,
                              .timestamp = options.clock ? options.clock() : base::now_ms(),
                              .txn_id = txn_id,
                              .is_blind_append = is_blind_append(),
                              .isolation_level = to_string(intent().isolation),
                              .preserves_row_tracking = preserves_row_tracking(options),
                              .read_version = std::nullopt,
                              .in_commit_timestamp = std::nullopt};
  if (base) provenance.read_version = base->version();
  provenance.only_raises_high_water_marks = only_raises_high_water_marks();
  Attempt attempt{.text = {},
                  .timestamp = std::nullopt,
                  .metadata = predecessor.metadata.value_or(metadata),
                  .row_ids = predecessor.row_ids};
  if (is_enabled(metadata, kInCommitTimestampsProperty)) {
    const std::int64_t time = std::max(provenance.timestamp, predecessor.timestamp.value_or(0) + 1);
    attempt.timestamp = time;
    provenance.in_commit_timestamp = time;
    if (enables_in_commit_timestamps()) {
      auto& properties = attempt.metadata.configuration;
      properties["delta.inCommitTimestampEnablementVersion"] =
          std::to_string(predecessor.version + 1);
      properties["delta.inCommitTimestampEnablementTimestamp"] = std::to_string(time);
    }
  }
  std::string& text = attempt.text;
  append_line(text, to_commit_info(provenance));  // first, as in-commit timestamps demand
  if (changes_protocol) append_line(text, protocol);
  if (changes_metadata) append_line(text, attempt.metadata);
  for (const SetTransaction& transaction : transactions) append_line(text, transaction);
  for (const DomainMetadata& domain : domains) append_line(text, domain);
  for (const RemoveFile& remove : removes) append_line(text, remove);
  append_adds(attempt, predecessor);
  for (const AddCdcFile& file : change_data) append_line(text, file);
  return attempt;
}

void Transaction::State::append_adds(Attempt& attempt, const Predecessor& predecessor) const {
  if (!assigns_row_ids(protocol, metadata)) {
    for (const AddFile& add : adds) append_line(attempt.text, add);
    return;
  }
  for (AddFile add : adds) {
    assign_row_ids(add, predecessor.version + 1, attempt.row_ids);
    append_line(attempt.text, add);
  }
  if (attempt.row_ids != predecessor.row_ids) {
    append_line(attempt.text, row_id_domain(attempt.row_ids));
  }
}

// That of the version which the transaction started from, when it costs little to know.
std::optional<VersionChecksum> Transaction::State::base_checksum() const {
  VersionChecksum sums;
  sums.deleted_records = 0;
  sums.deletion_vectors = 0;
  sums.transactions.emplace();
  sums.domain_metadata.emplace();
  if (!base) return sums;
  auto there = read_version_checksum(*store, location, base->version());
  if (there && there->metadata == base->metadata() && there->protocol == base->protocol()) {
    return there;
  }
  // Who removes files has read the list of them.
  if (removes.empty()) return std::nullopt;
  ChecksumChange files;
  for (const AddFile& file : base->files()) files.add(file);
  files.apply_to(sums);
  sums.transactions = std::nullopt;
  sums.domain_metadata = base->domain_metadata();
  return sums;
}

ChecksumChange Transaction::State::own_change(const Predecessor& predecessor,
                                              const Attempt& committed) const {
  ChecksumChange change = predecessor.since_base;
  change.count_commit(adds, removes);
  for (const SetTransaction& transaction : transactions) change.set(transaction);
  for (const DomainMetadata& domain : domains) change.set(domain);
  if (committed.row_ids != predecessor.row_ids) change.set(row_id_domain(committed.row_ids));
  return change;
}

// What could not be done; the commit stands.
std::vector<std::string> Transaction::State::after_commit(const CommitOptions& options,
                                                          const std::string& txn_id,
                                                          const Predecessor& predecessor,
                                                          const Attempt& committed) const {
  static const std::shared_ptr<ParquetEngine> no_engine;
  const CommittedVersion version{store, base ? base->engine() : no_engine, location,
                                 predecessor.version + 1};
  std::vector<std::string> warnings;
  best_effort("version checksum", warnings, [&] {
    auto sums = base_checksum();
    if (!sums || !own_change(predecessor, committed).apply_to(*sums)) return;
    sums->txn_id = txn_id;
    sums->in_commit_timestamp = committed.timestamp;
    sums->metadata = committed.metadata;
    sums->protocol = protocol;
    // Some of them count as gone, as time goes by.
    if (metadata.configuration.contains("delta.setTransactionRetentionDuration")) {
      sums->transactions = std::nullopt;
    }
    store->put_if_absent(checksum_path(location, version.version), to_json(*sums));
  });
  put_checkpoint_when_due(version, committed.metadata, options.clock, warnings);
  return warnings;
}

// Whether the commit is in the log after this. When the store cannot say how a put ended, the log
// can: the commit there bears our id, or another one's, or is missing. A bucket may still take in
// what is missing.
bool Transaction::State::put(std::int64_t version, const std::string& text,
                             const std::string& txn_id) const {
  try {
    if (store->put_if_absent(commit_path(location, version), text)) return true;
  } catch (const base::Error& error) {
    std::optional<CommitSummary> there;
    try {
      there = read_commit_summary(*store, location, version);
    } catch (const base::Error& reading) {
      // A file is where the log would be.
      const bool has_no_log = reading.code() == "DELTA_STORE_NOT_A_DIRECTORY";
      if (!has_no_log) throw with_unknown_outcome(error);
    }
    if (there) return there->txn_id() == txn_id;
    if (is_local(location)) throw;
    throw with_unknown_outcome(error);
  }
  // A store that tries again by itself may have met its own first attempt.
  try {
    const auto there = read_commit_summary(*store, location, version);
    return there && there->txn_id() == txn_id;
  } catch (const base::Error& error) {
    throw with_unknown_outcome(error);
  }
}

// The versions under the location may be those of another table by now. Whoever puts one there
// between this look and our commit is not seen: no store can say "unless that file has changed".
void Transaction::State::require_base() const {
  if (!base || base->is_still_there()) return;
  const Conflict conflict{"TableReplaced", "the table was removed, or made again in its place"};
  throw_conflict(
      base->version(), conflict,
      "table '" + location + "': nothing was committed, since its version " +
          std::to_string(base->version()) +
          ", from which the transaction started, is not there any more: " + conflict.reason);
}

void Transaction::State::throw_conflict(std::int64_t version, const Conflict& conflict) const {
  throw_conflict(version, conflict,
                 "table '" + location + "': a concurrent commit of version " +
                     std::to_string(version) + " conflicts: " + conflict.reason);
}

void Transaction::State::throw_conflict(std::int64_t version, const Conflict& conflict,
                                        const std::string& message) const {
  throw base::Error(base::Stage::kRuntime, "DELTA_COMMIT_CONFLICT", message,
                    {{"path", location},
                     {"version", std::to_string(version)},
                     {"conflict", conflict.name},
                     {"reason", conflict.reason}});
}

bool may_have_committed(const base::Error& error) {
  const auto outcome = error.details().find(kOutcomeDetail);
  return outcome != error.details().end() && outcome->second == kUnknownOutcome;
}

Transaction::Transaction(std::unique_ptr<State> state) : state_(std::move(state)) {}
Transaction::Transaction(Transaction&&) noexcept = default;
Transaction& Transaction::operator=(Transaction&&) noexcept = default;
Transaction::~Transaction() = default;

Transaction Transaction::create(std::shared_ptr<Store> store, const std::string& location,
                                const NewTable& table, const WriterCapabilities& capabilities) {
  check_definition(table);
  auto state = std::make_unique<State>();
  state->store = std::move(store);
  state->location = normalize_location(location);
  state->capabilities = capabilities;
  state->protocol = protocol_for(table);
  state->metadata = completed(new_metadata(table), state->protocol, nullptr);
  state->changes_protocol = true;
  state->changes_metadata = true;
  check_writable(state->protocol, state->metadata, capabilities);
  if (!table.clustering_columns.empty()) {
    state->domains.push_back(
        clustering_domain(state->protocol, state->metadata, table.clustering_columns));
  }
  return Transaction(std::move(state));
}

Transaction Transaction::start(std::shared_ptr<const Snapshot> base,
                               const WriterCapabilities& capabilities) {
  check_writable(base->protocol(), base->metadata(), capabilities);
  auto state = std::make_unique<State>();
  state->store = base->store();
  state->location = base->location();
  state->capabilities = capabilities;
  state->protocol = base->protocol();
  state->metadata = base->metadata();
  state->base = std::move(base);
  return Transaction(std::move(state));
}

const Protocol& Transaction::protocol() const { return state_->protocol; }
const Metadata& Transaction::metadata() const { return state_->metadata; }

void Transaction::add(AddFile file) { state_->adds.push_back(std::move(file)); }

void Transaction::remove(const AddFile& file) {
  state_->removed_paths.insert(canonical_path(file.path));
  state_->removes.push_back(to_remove(file));
}

void Transaction::remove_all() {
  if (state_->removes_all) return;
  state_->removes_all = true;
  if (!state_->base) return;
  for (const AddFile& file : state_->base->files()) {
    if (state_->removed_paths.contains(canonical_path(file.path))) continue;
    remove(file);
  }
}

void Transaction::replace_deletion_vector(const AddFile& file,
                                          DeletionVectorDescriptor deletion_vector) {
  if (!has_feature(state_->protocol, "deletionVectors")) {
    unsupported(state_->location, "deletionVectors", "it has no deletion vectors");
  }
  if (is_enabled(state_->metadata, "delta.enableChangeDataFeed") &&
      !state_->capabilities.change_data) {
    unsupported(state_->location, "changeDataFeed",
                "rows of a file cannot be deleted without change data");
  }
  AddFile changed = file;
  changed.deletion_vector = std::move(deletion_vector);
  if (!file_rows({&changed, 1}).front()) {
    throw base::Error(base::Stage::kRuntime, "DELTA_STATS_MISSING",
                      "table '" + state_->location + "': no deletion vector for the file '" +
                          file.path + "', whose statistics do not say how many rows it holds",
                      {{"path", state_->location}, {"file", file.path}});
  }
  changed.stats = with_wide_bounds(*changed.stats);
  changed.data_change = true;
  remove(file);
  add(std::move(changed));
}

void Transaction::add_change_data(AddCdcFile file) {
  state_->change_data.push_back(std::move(file));
}

void Transaction::update_metadata(Metadata metadata) {
  const NewTable definition = definition_of(metadata);
  check_definition(definition);
  const Protocol protocol = upgraded(state_->protocol, protocol_for(definition));
  metadata = completed(std::move(metadata), protocol, &state_->metadata);
  check_writable(protocol, metadata, state_->capabilities);
  if (state_->base && has_new_row_rule(state_->base->metadata(), metadata)) {
    state_->reads.whole_table = true;
  }
  state_->changes_protocol = state_->changes_protocol || protocol != state_->protocol;
  state_->changes_metadata = state_->changes_metadata || metadata != state_->metadata;
  state_->protocol = protocol;
  state_->metadata = std::move(metadata);
  state_->settle_clustering(definition);
}

void Transaction::set_high_water_marks(const std::map<std::string, std::int64_t>& marks) {
  if (marks.empty()) return;
  Metadata raised = with_high_water_marks(state_->metadata, marks);
  state_->changes_metadata = state_->changes_metadata || raised != state_->metadata;
  state_->metadata = std::move(raised);
}

void Transaction::set_domain_metadata(DomainMetadata domain) {
  if (!has_feature(state_->protocol, "domainMetadata")) {
    unsupported(state_->location, "domainMetadata", "it has no metadata domains");
  }
  if (domain.domain.starts_with("delta.") && domain.domain != "delta.clustering") {
    unsupported(state_->location, domain.domain, "the domain is not the caller's to set");
  }
  std::erase_if(state_->domains,
                [&](const DomainMetadata& other) { return other.domain == domain.domain; });
  state_->domains.push_back(std::move(domain));
}

void Transaction::set_transaction(SetTransaction transaction) {
  state_->transactions.push_back(std::move(transaction));
}

void Transaction::set_data_change(bool data_change) { state_->data_change = data_change; }

void Transaction::read_whole_table() { state_->reads.whole_table = true; }

void Transaction::read_files(Predicate predicate) {
  state_->reads.predicates.push_back(std::move(predicate));
}

void Transaction::read_file(const AddFile& file) {
  state_->reads.files.insert(canonical_path(file.path));
}

CommitResult Transaction::commit(const CommitOptions& options) {
  State& state = *state_;
  state.check();
  state.settle(options.clock ? options.clock() : base::now_ms());
  const TransactionIntent intent = state.intent();
  if (!state.base && has_log(*state.store, state.location)) {
    state.throw_conflict(0, {"TableCreated", "the table has been created"});
  }
  const std::string txn_id = base::random_uuid();
  Predecessor predecessor = state.base_commit();
  Attempt attempt;
  for (int retries = 0;; ++retries) {
    const std::int64_t version = predecessor.version + 1;
    attempt = state.attempt(options, txn_id, predecessor);
    state.require_base();
    if (state.put(version, attempt.text, txn_id)) break;
    if (const auto done = state.follow_winners(intent, predecessor)) return *done;
    if (retries >= options.max_retries) {
      state.throw_conflict(version, {"RetriesExhausted", "no version was free after " +
                                                             std::to_string(retries) + " retries"});
    }
  }
  CommitResult result;
  result.version = predecessor.version + 1;
  result.files_added = static_cast<std::int64_t>(state.adds.size());
  for (const AddFile& add : state.adds) result.bytes_added += add.size;
  result.warnings = state.after_commit(options, txn_id, predecessor, attempt);
  return result;
}

}  // namespace delta
