#include "delta/log_compaction.h"

#include "base/error.h"
#include "delta/src/commit_reader.h"
#include "delta/src/features.h"
#include "delta/src/file_key_set.h"
#include "delta/src/log_error.h"
#include "delta/src/log_path.h"
#include "delta/src/newest_state_sink.h"
#include "delta/src/stop.h"

namespace delta {
namespace {

// Takes actions from the newest to the oldest and keeps the newest of each thing.
class CompactionSink final : public NewestStateSink {
 public:
  void on_add(AddFile&& add) override {
    if (!seen_.insert(add.path, add.deletion_vector)) return;
    add.data_change = false;  // the commits say what changed
    append(files_, add);
  }
  // Removals stay, of old files too: an earlier checkpoint may name the file.
  void on_remove(RemoveFile&& remove) override {
    if (!seen_.insert(remove.path, remove.deletion_vector)) return;
    remove.data_change = false;
    append(files_, remove);
  }
  std::string finish() {
    std::string text;
    if (protocol_) append(text, *protocol_);
    if (metadata_) append(text, *metadata_);
    for (const auto& [id, transaction] : transactions_) append(text, transaction);
    for (const auto& [name, domain] : domains_) append(text, domain);
    return text + files_;
  }
  std::int64_t actions() const { return actions_; }

 private:
  void append(std::string& text, const Action& action) {
    text += to_json_line(action);
    text += '\n';
    ++actions_;
  }

  FileKeySet seen_;
  std::string files_;
  std::int64_t actions_ = 0;
};

constexpr ActionSelection kStateActions{.files = true, .table = true};
constexpr std::string_view kNothingWritten = "no log compaction was written";

[[noreturn]] void throw_not_found(const Snapshot& snapshot, std::int64_t version,
                                  const std::string& why) {
  throw base::Error(base::Stage::kValidation, "DELTA_VERSION_NOT_FOUND",
                    "table '" + snapshot.location() + "' has no commits to compact: " + why,
                    {{"path", snapshot.location()}, {"version", std::to_string(version)}});
}

std::string read_commit(const Snapshot& snapshot, std::int64_t version) {
  try {
    return snapshot.store()->read(commit_path(snapshot.location(), version));
  } catch (const base::Error& error) {
    if (error.code() != "DELTA_STORE_NOT_FOUND") throw;
    throw_not_found(snapshot, version, "that of version " + std::to_string(version) + " is gone");
  }
}

bool can_be_read(const Store& store, const std::string& path) {
  try {
    ActionSink nowhere;
    CommitReader().read(store.read(path), path, kStateActions, nowhere);
    return true;
  } catch (const base::Error& error) {
    if (is_broken_file(error) || error.code() == "DELTA_STORE_NOT_FOUND") return false;
    throw;
  }
}

}  // namespace

LogCompactionResult compact_log(const Snapshot& snapshot, std::int64_t first_version,
                                const std::stop_token& stop) {
  check_maintainable(snapshot.protocol());
  LogCompactionResult result;
  result.first_version = first_version;
  result.last_version = snapshot.version();
  if (first_version < 0 || first_version >= snapshot.version()) {
    throw_not_found(snapshot, first_version,
                    "version " + std::to_string(first_version) + " is not before version " +
                        std::to_string(snapshot.version()));
  }
  result.path = log_folder(snapshot.location()) + "/" + version_digits(first_version) + "." +
                version_digits(snapshot.version()) + ".compacted.json";
  CompactionSink sink;
  CommitReader reader;
  for (std::int64_t version = snapshot.version(); version >= first_version; --version) {
    throw_if_stopped(stop, snapshot.location(), kNothingWritten);
    const std::string path = commit_path(snapshot.location(), version);
    reader.read(read_commit(snapshot, version), path, kStateActions, sink);
  }
  throw_if_stopped(stop, snapshot.location(), kNothingWritten);
  const std::string text = sink.finish();
  result.written = snapshot.store()->put_if_absent(result.path, text);
  if (!result.written && !can_be_read(*snapshot.store(), result.path)) {
    snapshot.store()->put(result.path, text);
    result.written = true;
  }
  if (result.written) {
    result.actions = sink.actions();
    result.bytes = static_cast<std::int64_t>(text.size());
  }
  return result;
}

}  // namespace delta
