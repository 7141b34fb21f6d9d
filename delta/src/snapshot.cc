#include "delta/snapshot.h"

#include <mutex>
#include <utility>

#include "delta/src/log_replay.h"
#include "delta/src/log_segment.h"
#include "delta/src/path_encoding.h"
#include "delta/src/segment_fallback.h"
#include "delta/src/type_widening.h"

namespace delta {

struct Snapshot::State {
  std::shared_ptr<Store> store;
  std::shared_ptr<ParquetEngine> engine;
  std::string location;
  LogSegment segment;
  TableState table;
  Schema schema;
  mutable std::once_flag files_once;
  mutable std::vector<AddFile> files;
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
        return replay_table_state({*state->store, state->engine.get(), state->location, segment});
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
const std::shared_ptr<Store>& Snapshot::store() const { return state_->store; }
const std::shared_ptr<ParquetEngine>& Snapshot::engine() const { return state_->engine; }

const std::vector<AddFile>& Snapshot::files() const {
  std::call_once(state_->files_once, [this] {
    LogSegment segment = state_->segment;
    state_->files = read_with_fallback(
        {*state_->store, state_->location, segment.version}, segment, [&](const LogSegment& one) {
          return replay_files({*state_->store, state_->engine.get(), state_->location, one});
        });
  });
  return state_->files;
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

const std::map<std::string, DomainMetadata>& Snapshot::domain_metadata() const {
  return state_->table.domain_metadata;
}

}  // namespace delta
