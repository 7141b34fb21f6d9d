#include "delta/transaction.h"

#include <algorithm>
#include <set>
#include <utility>

#include "base/error.h"
#include "base/time.h"
#include "base/uuid.h"
#include "delta/src/commit_file.h"
#include "delta/src/commit_provenance.h"
#include "delta/src/conflict.h"
#include "delta/src/features.h"
#include "delta/src/log_path.h"
#include "delta/src/log_segment.h"
#include "delta/src/path_encoding.h"
#include "delta/src/table_definition.h"

namespace delta {

struct Transaction::State {
  std::shared_ptr<Store> store;
  std::string location;
  std::shared_ptr<const Snapshot> base;  // null when the table is being created
  Protocol protocol;                     // of the table after the commit
  Metadata metadata;                     // likewise
  bool changes_protocol = false;
  bool changes_metadata = false;
  std::vector<AddFile> adds;
  std::vector<RemoveFile> removes;
  std::set<std::string> removed_paths;  // canonical
  bool removes_all = false;
  std::vector<SetTransaction> transactions;

  bool is_blind_append() const {
    return !changes_metadata && !changes_protocol && removes.empty() && !removes_all;
  }
  TransactionReads reads() const;
  std::string commit_text(const CommitOptions& options, const std::string& txn_id,
                          std::optional<std::int64_t> previous_timestamp) const;
  bool put(std::int64_t version, const std::string& text, const std::string& txn_id) const;
  std::optional<std::int64_t> in_commit_timestamp_of(std::int64_t version) const;
  std::int64_t check_winners(std::int64_t version) const;
  [[noreturn]] void throw_conflict(std::int64_t version, const std::string& reason) const;
};

namespace {

RemoveFile to_remove(const AddFile& add, std::int64_t now) {
  RemoveFile remove;
  remove.path = add.path;
  remove.deletion_timestamp = now;
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

}  // namespace

TransactionReads Transaction::State::reads() const {
  TransactionReads result;
  result.reads_data = !is_blind_append();
  result.removed_paths = removed_paths;
  for (const SetTransaction& transaction : transactions) {
    result.transaction_ids.insert(transaction.app_id);
  }
  return result;
}

std::string Transaction::State::commit_text(const CommitOptions& options, const std::string& txn_id,
                                            std::optional<std::int64_t> previous_timestamp) const {
  CommitProvenance provenance{.options = options,
                              .adds = adds,
                              .timestamp = base::now_ms(),
                              .txn_id = txn_id,
                              .is_blind_append = is_blind_append(),
                              .read_version = std::nullopt,
                              .in_commit_timestamp = std::nullopt};
  if (base) provenance.read_version = base->version();
  if (is_enabled(metadata, kInCommitTimestampsProperty)) {
    provenance.in_commit_timestamp =
        std::max(provenance.timestamp, previous_timestamp.value_or(0) + 1);
  }
  std::string text;
  append_line(text, to_commit_info(provenance));  // first, as in-commit timestamps demand
  if (changes_protocol) append_line(text, protocol);
  if (changes_metadata) append_line(text, metadata);
  for (const SetTransaction& transaction : transactions) append_line(text, transaction);
  for (const RemoveFile& remove : removes) append_line(text, remove);
  for (const AddFile& add : adds) append_line(text, add);
  return text;
}

// Whether the commit is in the log after this. When the store cannot say how a put ended, the log
// can: the commit there bears our id, or another one's, or is missing.
bool Transaction::State::put(std::int64_t version, const std::string& text,
                             const std::string& txn_id) const {
  try {
    if (store->put_if_absent(commit_path(location, version), text)) return true;
  } catch (const base::Error&) {
    const auto there = read_commit_summary(*store, location, version);
    if (!there) throw;
    return there->txn_id() == txn_id;
  }
  // A store that tries again by itself may have met its own first attempt.
  const auto there = read_commit_summary(*store, location, version);
  return there && there->txn_id() == txn_id;
}

std::optional<std::int64_t> Transaction::State::in_commit_timestamp_of(std::int64_t version) const {
  if (!is_enabled(metadata, kInCommitTimestampsProperty)) return std::nullopt;
  const auto commit = read_commit_summary(*store, location, version);
  return commit ? commit->in_commit_timestamp() : std::nullopt;
}

void Transaction::State::throw_conflict(std::int64_t version, const std::string& reason) const {
  throw base::Error(base::Stage::kRuntime, "DELTA_COMMIT_CONFLICT",
                    "table '" + location + "': a concurrent commit of version " +
                        std::to_string(version) + " conflicts: " + reason,
                    {{"path", location}, {"version", std::to_string(version)}, {"reason", reason}});
}

// Reads the commits from `version` on; the first version that is free.
std::int64_t Transaction::State::check_winners(std::int64_t version) const {
  const TransactionReads own = reads();
  for (; const auto winner = read_commit_summary(*store, location, version); ++version) {
    if (!base) throw_conflict(version, "the table has been created");
    if (const auto reason = conflict_with(own, *winner)) throw_conflict(version, *reason);
  }
  return version;
}

Transaction::Transaction(std::unique_ptr<State> state) : state_(std::move(state)) {}
Transaction::Transaction(Transaction&&) noexcept = default;
Transaction& Transaction::operator=(Transaction&&) noexcept = default;
Transaction::~Transaction() = default;

Transaction Transaction::create(std::shared_ptr<Store> store, const std::string& location,
                                const NewTable& table) {
  check_definition(table);
  auto state = std::make_unique<State>();
  state->store = std::move(store);
  state->location = normalize_location(location);
  state->protocol = protocol_for(table);
  state->metadata = new_metadata(table);
  state->changes_protocol = true;
  state->changes_metadata = true;
  check_writable(state->protocol, state->metadata);
  return Transaction(std::move(state));
}

Transaction Transaction::start(std::shared_ptr<const Snapshot> base) {
  check_writable(base->protocol(), base->metadata());
  auto state = std::make_unique<State>();
  state->store = base->store();
  state->location = base->location();
  state->protocol = base->protocol();
  state->metadata = base->metadata();
  state->base = std::move(base);
  return Transaction(std::move(state));
}

void Transaction::add(AddFile file) { state_->adds.push_back(std::move(file)); }

void Transaction::remove(const AddFile& file) {
  state_->removed_paths.insert(canonical_path(file.path));
  state_->removes.push_back(to_remove(file, base::now_ms()));
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

void Transaction::update_metadata(Metadata metadata) {
  const NewTable definition{parse_schema(metadata.schema_string), metadata.partition_columns,
                            metadata.configuration, metadata.name};
  check_definition(definition);
  const Protocol protocol = upgraded(state_->protocol, protocol_for(definition));
  check_writable(protocol, metadata);
  state_->changes_protocol = state_->changes_protocol || protocol != state_->protocol;
  state_->changes_metadata = state_->changes_metadata || metadata != state_->metadata;
  state_->protocol = protocol;
  state_->metadata = std::move(metadata);
}

void Transaction::set_transaction(SetTransaction transaction) {
  state_->transactions.push_back(std::move(transaction));
}

CommitResult Transaction::commit(const CommitOptions& options) {
  const State& state = *state_;
  if (!state.removes.empty() && is_enabled(state.metadata, "delta.appendOnly")) {
    throw base::Error(base::Stage::kRuntime, "DELTA_APPEND_ONLY",
                      "table '" + state.location +
                          "' is append-only (delta.appendOnly): no file "
                          "may be removed from it",
                      {{"path", state.location}});
  }
  if (!state.base && has_log(*state.store, state.location)) {
    state.throw_conflict(0, "the table has been created");
  }
  const std::string txn_id = base::random_uuid();
  std::int64_t version = state.base ? state.base->version() + 1 : 0;
  for (int retries = 0;; ++retries) {
    const std::string text =
        state.commit_text(options, txn_id, state.in_commit_timestamp_of(version - 1));
    if (state.put(version, text, txn_id)) break;
    const std::int64_t lost = version;
    version = state.check_winners(version);
    if (retries >= options.max_retries) {
      state.throw_conflict(lost,
                           "no version was free after " + std::to_string(retries) + " retries");
    }
  }
  CommitResult result{version, static_cast<std::int64_t>(state.adds.size()), 0};
  for (const AddFile& add : state.adds) result.bytes_added += add.size;
  return result;
}

}  // namespace delta
