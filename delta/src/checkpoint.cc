#include "delta/checkpoint.h"

#include <algorithm>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/time.h"
#include "base/uuid.h"
#include "delta/src/action_file.h"
#include "delta/src/after_commit.h"
#include "delta/src/checkpoint_columns.h"
#include "delta/src/checkpoint_rows.h"
#include "delta/src/commit_provenance.h"
#include "delta/src/commit_summary.h"
#include "delta/src/features.h"
#include "delta/src/last_checkpoint.h"
#include "delta/src/log_path.h"
#include "delta/src/log_replay.h"
#include "delta/src/log_segment.h"
#include "delta/src/segment_fallback.h"
#include "delta/src/stop.h"
#include "delta/src/table_property.h"
#include "delta/src/version_checksum.h"
#include "delta/word_property.h"

namespace delta {
namespace {

constexpr const char* kTransactionRetention = "delta.setTransactionRetentionDuration";

constexpr std::string_view kNothingWritten = "no checkpoint was written";

// Where the file actions go, without the tombstones that have expired, until a stop is requested.
template <typename Target>
class FileActionSink final : public ActionSink {
 public:
  FileActionSink(Target& target, std::int64_t tombstones_after, std::function<void()> heed_stop)
      : target_(target), tombstones_after_(tombstones_after), heed_stop_(std::move(heed_stop)) {}

  void on_add(AddFile&& add) override {
    heed_stop_();
    target_.append(add);
    sums_.add(add);
    ++live_files_;
  }
  void on_remove(RemoveFile&& remove) override {
    heed_stop_();
    if (remove.deletion_timestamp.value_or(0) > tombstones_after_) target_.append(remove);
  }

  std::int64_t live_files() const { return live_files_; }
  const ChecksumChange& sums() const { return sums_; }

 private:
  Target& target_;
  const std::int64_t tombstones_after_;
  const std::function<void()> heed_stop_;
  std::int64_t live_files_ = 0;
  ChecksumChange sums_;
};

class CheckpointWriter {
 public:
  // From a segment of the snapshot's version.
  CheckpointWriter(const Snapshot& snapshot, const CheckpointOptions& options,
                   const LogSegment& segment)
      : options_(options),
        store_(*snapshot.store()),
        location_(snapshot.location()),
        now_(options.clock ? options.clock() : base::now_ms()),
        segment_(segment),
        source_{store_, snapshot.engine().get(), location_, segment_},
        state_{snapshot.protocol(), snapshot.metadata(), snapshot.transactions(),
               snapshot.domain_metadata()},
        columns_(checkpoint_columns(state_.protocol, state_.metadata)) {
    result_.version = snapshot.version();
    drop_expired_transactions();
  }

  CheckpointResult write() {
    check_engine();
    if (is_v2()) {
      write_v2();
    } else {
      write_classic();
    }
    result_.written = true;
    put_missing_checksum();
    return result_;
  }

 private:
  // Takes file actions into as many sidecars as they need.
  class Sidecars {
   public:
    Sidecars(CheckpointWriter& writer, CheckpointRows& rows) : writer_(writer), rows_(rows) {}

    template <typename ActionType>
    void append(const ActionType& action) {
      if (file_ && file_->count() >= writer_.options_.actions_per_sidecar) publish();
      if (!file_) {
        name_ = base::random_uuid() + ".parquet";
        file_.emplace(*writer_.source_.engine, sidecar_folder(writer_.location_) + "/" + name_,
                      rows_);
      }
      file_->append(action);
    }

    void publish() {
      if (!file_) return;
      const std::int64_t bytes = file_->publish();
      writer_.result_.actions += file_->count();
      writer_.result_.bytes += bytes;
      file_.reset();
      actions_.push_back(
          {{"sidecar",
            {{"path", name_}, {"sizeInBytes", bytes}, {"modificationTime", writer_.now_}}}});
    }

    const std::vector<nlohmann::json>& actions() const { return actions_; }

   private:
    CheckpointWriter& writer_;
    CheckpointRows& rows_;
    std::string name_;
    std::optional<ActionFile> file_;
    std::vector<nlohmann::json> actions_;
  };

  bool is_v2() const {
    return has_feature(state_.protocol, "v2Checkpoint") &&
           word_property(state_.metadata, "delta.checkpointPolicy", "classic") == "v2";
  }

  void check_engine() const {
    if (source_.engine) return;
    throw base::Error(base::Stage::kRuntime, "DELTA_PARQUET_ENGINE_MISSING",
                      "table '" + location_ + "': no checkpoint without a Parquet engine",
                      {{"path", location_}});
  }

  void drop_expired_transactions() {
    if (!state_.metadata.configuration.contains(kTransactionRetention)) return;
    const std::int64_t after = now_ - interval_property(state_.metadata, kTransactionRetention, 0);
    std::erase_if(state_.transactions, [&](const auto& entry) {
      return entry.second.last_updated.value_or(0) <= after;
    });
  }

  void heed_stop() const { throw_if_stopped(options_.stop, location_, kNothingWritten); }

  std::int64_t tombstones_after() const {
    return now_ - deleted_file_retention_ms(state_.metadata);
  }

  // Calls visit(action) for every action that is none of a file.
  template <typename Visit>
  void each_table_action(const Visit& visit) const {
    visit(state_.protocol);
    visit(state_.metadata);
    for (const auto& [id, transaction] : state_.transactions) visit(transaction);
    for (const auto& [name, domain] : state_.domain_metadata) visit(domain);
  }

  void write_classic() {
    result_.path =
        log_folder(location_) + "/" + version_digits(segment_.version) + ".checkpoint.parquet";
    CheckpointRows rows(location_, columns_, true);
    ActionFile file(*source_.engine, result_.path, rows);
    each_table_action([&](const auto& action) { file.append(action); });
    FileActionSink<ActionFile> sink(file, tombstones_after(), [this] { heed_stop(); });
    replay_file_actions(source_, sink);
    heed_stop();
    result_.bytes = file.publish();
    result_.actions = file.count();
    result_.live_files = sink.live_files();
    sums_ = sink.sums();
  }

  // The sidecars first: nobody looks for them before the checkpoint names them.
  void write_v2() {
    CheckpointRows rows(location_, columns_, false);
    Sidecars sidecars(*this, rows);
    FileActionSink<Sidecars> sink(sidecars, tombstones_after(), [this] { heed_stop(); });
    replay_file_actions(source_, sink);
    sidecars.publish();
    result_.live_files = sink.live_files();
    sums_ = sink.sums();

    std::string text =
        nlohmann::json({{"checkpointMetadata", {{"version", segment_.version}}}}).dump() + "\n";
    each_table_action([&](const auto& action) {
      text += to_json_line(action) + "\n";
      ++result_.actions;
    });
    for (const nlohmann::json& sidecar : sidecars.actions()) text += sidecar.dump() + "\n";
    result_.actions += 1 + static_cast<std::int64_t>(sidecars.actions().size());
    heed_stop();
    result_.path = log_folder(location_) + "/" + version_digits(segment_.version) + ".checkpoint." +
                   base::random_uuid() + ".json";
    store_.put_if_absent(result_.path, text);
    result_.bytes += static_cast<std::int64_t>(text.size());
  }

  // All that it says has just been read. Commits after this one have theirs from it; that it cannot
  // be written is no fault of the checkpoint.
  void put_missing_checksum() const {
    std::vector<std::string> warnings;
    best_effort("version checksum", warnings, [&] {
      if (read_version_checksum(store_, location_, segment_.version)) return;
      VersionChecksum checksum;
      checksum.deleted_records = 0;
      checksum.deletion_vectors = 0;
      checksum.all_files.emplace();
      checksum.protocol = state_.protocol;
      checksum.metadata = state_.metadata;
      if (is_enabled(state_.metadata, kInCommitTimestampsProperty)) {
        const auto commit = read_commit_summary(store_, location_, segment_.version);
        if (!commit) return;
        checksum.in_commit_timestamp = commit->in_commit_timestamp();
      }
      checksum.domain_metadata = state_.domain_metadata;
      // Else some of them have been left out.
      if (!state_.metadata.configuration.contains(kTransactionRetention)) {
        checksum.transactions = state_.transactions;
      }
      if (!sums_.apply_to(checksum)) return;
      store_.put_if_absent(checksum_path(location_, segment_.version), to_json(checksum));
    });
  }

  const CheckpointOptions& options_;
  Store& store_;
  const std::string& location_;
  const std::int64_t now_;
  const LogSegment& segment_;
  const LogSource source_;
  TableState state_;
  const CheckpointColumns columns_;
  CheckpointResult result_;
  ChecksumChange sums_;  // of the live files
};

bool has_checkpoint(const LogSegment& segment) {
  return segment.checkpoint && segment.checkpoint->version == segment.version;
}

// Reads all of a segment and keeps nothing.
void read_through(const Snapshot& snapshot, const LogSegment& segment,
                  const std::stop_token& stop) {
  const LogSource source{*snapshot.store(), snapshot.engine().get(), snapshot.location(), segment};
  replay_table_state(source);
  ReadUntilStopped sink(stop, snapshot.location(), kNothingWritten);
  replay_file_actions(source, sink);
}

LastCheckpoint hint_at(const CheckpointResult& written) {
  return {.version = written.version,
          .size = written.actions,
          .parts = std::nullopt,
          .size_in_bytes = written.bytes,
          .live_files = written.live_files};
}

}  // namespace

CheckpointResult write_checkpoint(const Snapshot& snapshot, const CheckpointOptions& options) {
  check_maintainable(snapshot.protocol());
  Store& store = *snapshot.store();
  const std::string& location = snapshot.location();
  throw_if_stopped(options.stop, location, kNothingWritten);
  const std::int64_t version = snapshot.version();
  LogSegment segment = find_log_segment(store, location, version);
  std::set<std::string> broken;
  CheckpointResult result = read_with_fallback(
      {store, location, version}, segment, [&](const LogSegment& candidate) -> CheckpointResult {
        if (!has_checkpoint(candidate)) {
          return CheckpointWriter(snapshot, options, candidate).write();
        }
        broken.insert(candidate.checkpoint->paths.begin(), candidate.checkpoint->paths.end());
        read_through(snapshot, candidate, options.stop);
        for (const std::string& path : candidate.checkpoint->paths) broken.erase(path);
        CheckpointResult there;
        there.version = version;
        there.path = candidate.checkpoint->paths.front();
        return there;
      });
  // Readers would try broken ones first. What has the name of one is the new checkpoint.
  broken.erase(result.path);
  for (const std::string& path : broken) store.remove(path);
  const LastCheckpoint hint = result.written ? hint_at(result) : hint_at(*segment.checkpoint);
  best_effort("hint at the checkpoint", result.warnings,
              [&] { put_last_checkpoint(store, location, hint); });
  return result;
}

}  // namespace delta
