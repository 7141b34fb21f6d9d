#include "delta/snapshot.h"

#include <mutex>
#include <utility>

#include "base/error.h"
#include "delta/src/checksum_faults.h"
#include "delta/src/commit_texts.h"
#include "delta/src/doubted_statistics.h"
#include "delta/src/log_error.h"
#include "delta/src/log_path.h"
#include "delta/src/log_replay.h"
#include "delta/src/log_segment.h"
#include "delta/src/path_encoding.h"
#include "delta/src/segment_fallback.h"
#include "delta/src/type_widening.h"
#include "delta/src/version_checksum.h"
#include "delta/store.h"

namespace delta {
namespace {

using Files = std::vector<AddFile>;

}  // namespace

struct Snapshot::State {
  std::shared_ptr<Store> store;
  std::shared_ptr<ParquetEngine> engine;
  std::string location;
  LogSegment segment;
  TableState table;
  Schema schema;
  mutable CommitTexts texts;  // from loading to the listing of files
  mutable std::once_flag files_once;
  mutable std::shared_ptr<const Files> files;
  mutable std::shared_ptr<const Files> files_as_logged;
  mutable std::vector<std::string> checksum_faults;
};

std::shared_ptr<const Snapshot> Snapshot::load(std::shared_ptr<Store> store,
                                               std::shared_ptr<ParquetEngine> engine,
                                               const std::string& location,
                                               std::optional<std::int64_t> version) {
  auto state = std::make_unique<State>();
  state->store = std::move(store);
  state->engine = std::move(engine);
  state->location = normalize_location(location);
  state->segment = find_log_segment(*state->store, state->location, version);
  state->table = read_with_fallback(
      {*state->store, state->location, version}, state->segment, [&](const LogSegment& segment) {
        state->texts.clear();  // of an attempt before
        return replay_table_state(
            {*state->store, state->engine.get(), state->location, segment, &state->texts});
      });
  check_readable(state->table.protocol);
  state->schema = parse_schema(state->table.metadata.schema_string);
  check_type_changes(state->schema);
  return std::shared_ptr<const Snapshot>(new Snapshot(std::move(state)));
}

bool Snapshot::exists(const Store& store, const std::string& location) {
  return has_log(store, normalize_location(location));
}

Snapshot::Snapshot(std::unique_ptr<State> state) : state_(std::move(state)) {}
Snapshot::~Snapshot() = default;

const std::string& Snapshot::location() const { return state_->location; }
std::int64_t Snapshot::version() const { return state_->segment.version; }
const Protocol& Snapshot::protocol() const { return state_->table.protocol; }
const Metadata& Snapshot::metadata() const { return state_->table.metadata; }
const Schema& Snapshot::schema() const { return state_->schema; }
std::optional<std::int64_t> Snapshot::checkpoint_version() const {
  const auto& checkpoint = state_->segment.checkpoint;
  return checkpoint ? std::optional(checkpoint->version) : std::nullopt;
}
const std::shared_ptr<Store>& Snapshot::store() const { return state_->store; }
const std::shared_ptr<ParquetEngine>& Snapshot::engine() const { return state_->engine; }

void Snapshot::read_files() const {
  std::call_once(state_->files_once, [this] {
    const State& state = *state_;
    LogSegment segment = state.segment;
    CommitTexts* texts = &state.texts;
    auto files = read_with_fallback(
        {*state.store, state.location, segment.version}, segment, [&](const LogSegment& one) {
          return replay_files({*state.store, state.engine.get(), state.location, one,
                               std::exchange(texts, nullptr)});
        });
    state.texts.clear();
    // What was read may be of a table that has taken this one's place.
    require_still_there();
    if (state.segment.has_checksum) {
      const auto checksum = read_version_checksum(*state.store, state.location, version());
      if (checksum) state.checksum_faults = delta::checksum_faults(*checksum, state.table, files);
      if (checksum && checksum->all_files) {
        auto trusted =
            without_doubted_statistics(files, *checksum->all_files, state.schema,
                                       column_mapping(state.table.protocol, state.table.metadata));
        if (trusted) state.files = std::make_shared<const Files>(std::move(*trusted));
      }
    }
    state.files_as_logged = std::make_shared<const Files>(std::move(files));
    if (!state.files) state.files = state.files_as_logged;
  });
}

SnapshotFiles Snapshot::files_as_logged() const {
  read_files();
  return SnapshotFiles(state_->files_as_logged);
}

const std::vector<std::string>& Snapshot::checksum_faults() const {
  read_files();
  return state_->checksum_faults;
}

SnapshotFiles Snapshot::files() const {
  if (!checksum_faults().empty()) {
    const std::string path = checksum_path(location(), version());
    throw base::Error(base::Stage::kRuntime, "DELTA_CHECKSUM_MISMATCH",
                      "table '" + location() + "', version " + std::to_string(version()) + ": " +
                          checksum_faults().front() +
                          "; rows may be missing or wrong. Look into it with `codeanatomy delta "
                          "verify`; without '" +
                          path + "', the table is read as its log tells it",
                      {{"path", path}});
  }
  return SnapshotFiles(state_->files);
}

bool Snapshot::is_still_there() const {
  return delta::is_still_there(*state_->store, state_->location, state_->segment);
}

void Snapshot::require_still_there() const {
  if (is_still_there()) return;
  throw_table_replaced(location(), "table '" + location() +
                                       "' was removed or replaced since its version " +
                                       std::to_string(version()) + " was opened; open it again");
}

bool Snapshot::is_same_version_as(const Snapshot& other) const {
  const auto& own = state_->segment.newest_commit;
  const auto& others = other.state_->segment.newest_commit;
  const bool is_same_commit =
      !own || !others ||
      (own->size == others->size && own->modification_time == others->modification_time);
  return location() == other.location() && version() == other.version() && is_same_commit &&
         metadata().id == other.metadata().id;
}

std::string Snapshot::data_path(const AddFile& file) const {
  std::string path = canonical_path(file.path);
  return is_absolute(path) ? path : state_->location + "/" + path;
}

std::optional<std::int64_t> Snapshot::transaction_version(const std::string& app_id) const {
  const auto found = state_->table.transactions.find(app_id);
  if (found == state_->table.transactions.end()) return std::nullopt;
  return found->second.version;
}

const std::map<std::string, SetTransaction>& Snapshot::transactions() const {
  return state_->table.transactions;
}

const std::map<std::string, DomainMetadata>& Snapshot::domain_metadata() const {
  return state_->table.domain_metadata;
}

}  // namespace delta
