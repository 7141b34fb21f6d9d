#include "delta/log_cleanup.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "base/error.h"
#include "base/time.h"
#include "delta/src/checkpoint_reader.h"
#include "delta/src/features.h"
#include "delta/src/log_path.h"
#include "delta/src/log_replay.h"
#include "delta/src/stop.h"
#include "delta/src/table_property.h"
#include "delta/store.h"

namespace delta {
namespace {

constexpr std::string_view kNothingRemoved = "no file of the log was removed";

std::int64_t midnight_before(std::int64_t ms) {
  const std::int64_t into_day = ((ms % kMsPerDay) + kMsPerDay) % kMsPerDay;
  return ms - into_day;
}

std::string_view name_of(const FileStatus& file) {
  return std::string_view(file.path).substr(file.path.rfind('/') + 1);
}

// A file of the log that belongs to versions.
struct VersionedFile {
  FileStatus status;
  std::int64_t version = 0;
  bool is_compaction = false;
};

class SidecarSink final : public ActionSink {
 public:
  explicit SidecarSink(std::set<std::string>& names) : names_(names) {}
  void on_sidecar(Sidecar&& sidecar) override { names_.insert(canonical_path(sidecar.path)); }

 private:
  std::set<std::string>& names_;
};

class LogCleanup {
 public:
  LogCleanup(const Snapshot& snapshot, const LogCleanupOptions& options)
      : snapshot_(snapshot),
        options_(options),
        store_(*snapshot.store()),
        location_(snapshot.location()),
        now_(options.clock ? options.clock() : base::now_ms()) {}

  LogCleanupReport run() {
    heed_stop();
    list();
    if (const auto first_kept = first_kept_version()) {
      report_.first_kept_version = first_kept;
      choose_older_than(*first_kept);
    }
    choose_temporary_files();
    choose_sidecars();
    heed_stop();
    remove();
    return std::move(report_);
  }

 private:
  // Until the first file is removed.
  void heed_stop() const { throw_if_stopped(options_.stop, location_, kNothingRemoved); }

  void list() {
    for (FileStatus& file : store_.list(log_folder(location_), "")) {
      const std::string_view name = name_of(file);
      if (const auto log_file = parse_log_file_name(name)) {
        if (log_file->kind == LogFileKind::kCommit) commits_.emplace(log_file->version, file);
        if (is_checkpoint(log_file->kind)) checkpoints_[log_file->version].push_back(file.path);
        versioned_.push_back(
            {std::move(file), log_file->version, log_file->kind == LogFileKind::kCompaction});
      } else if (const auto version = checksum_version(name)) {
        versioned_.push_back({std::move(file), *version, false});
      } else if (is_temporary(name)) {
        temporary_.push_back(std::move(file));
      }
    }
  }

  static bool is_checkpoint(LogFileKind kind) {
    return kind == LogFileKind::kClassicCheckpoint || kind == LogFileKind::kUuidCheckpoint ||
           kind == LogFileKind::kMultiPartCheckpoint;
  }

  // What killed writers left, and Hadoop's checksums of files that may be gone.
  static bool is_temporary(std::string_view name) {
    if (name.ends_with(".tmp")) return name.starts_with('.') || name.starts_with("_commit_");
    return name.starts_with('.') && name.ends_with(".crc");
  }

  std::int64_t cutoff() const {
    const std::int64_t retention = log_retention_ms(snapshot_.metadata());
    return midnight_before(now_ - retention);
  }

  // The newest commit that is not newer than the cutoff. File times are taken to grow with the
  // version: where a clock went back, a commit counts as a millisecond younger than the one before.
  std::optional<std::int64_t> cutoff_commit() const {
    std::optional<std::int64_t> newest;
    std::optional<std::int64_t> last_time;
    const std::int64_t limit = cutoff();
    for (const auto& [version, file] : commits_) {
      std::int64_t time = file.modification_time;
      if (last_time) time = std::max(time, *last_time + 1);
      last_time = time;
      if (time > limit) break;
      newest = version;
    }
    return newest;
  }

  std::optional<std::int64_t> first_kept_version() {
    const auto commit = cutoff_commit();
    if (!commit) {
      report_.note = "no commit is older than the retention";
      return std::nullopt;
    }
    auto checkpoint = checkpoints_.upper_bound(*commit);
    while (checkpoint != checkpoints_.begin()) {
      --checkpoint;
      heed_stop();
      if (is_whole(checkpoint->first)) return checkpoint->first;
    }
    report_.note = "no readable checkpoint covers the commits that are older than the retention";
    return std::nullopt;
  }

  // Whether the version's checkpoint can be read, sidecars included.
  bool is_whole(std::int64_t version) const {
    try {
      const LogSegment segment = find_log_segment(store_, location_, version);
      if (!segment.checkpoint || segment.checkpoint->version != version) return false;
      const LogSource source{store_, snapshot_.engine().get(), location_, segment};
      replay_table_state(source);
      ReadUntilStopped sink(options_.stop, location_, kNothingRemoved);
      replay_file_actions(source, sink);
      return true;
    } catch (const base::Error&) {
      heed_stop();
      return false;
    }
  }

  void choose(FileStatus&& file) {
    report_.bytes += file.size;
    report_.files.push_back(std::move(file.path));
  }

  // Oldest first, so that what an interrupted cleanup leaves are the newer versions.
  void choose_older_than(std::int64_t first_kept) {
    std::stable_sort(versioned_.begin(), versioned_.end(),
                     [](const auto& a, const auto& b) { return a.version < b.version; });
    for (VersionedFile& file : versioned_) {
      const std::int64_t limit = file.is_compaction ? first_kept + 1 : first_kept;
      if (file.version < limit) choose(std::move(file.status));
    }
    removed_checkpoints_.insert(checkpoints_.begin(), checkpoints_.lower_bound(first_kept));
  }

  bool is_a_day_old(const FileStatus& file) const {
    return file.modification_time < midnight_before(now_ - kMsPerDay);
  }

  void choose_temporary_files() {
    const std::set<std::string> removed(report_.files.begin(), report_.files.end());
    for (FileStatus& file : temporary_) {
      heed_stop();
      if (!is_a_day_old(file)) continue;
      if (file.path.ends_with(".crc") && guards_a_kept_file(file, removed)) continue;
      choose(std::move(file));
    }
  }

  // ".<name>.crc" of a file that stays.
  bool guards_a_kept_file(const FileStatus& checksum, const std::set<std::string>& removed) const {
    std::string_view name = name_of(checksum);
    name.remove_prefix(1);
    name.remove_suffix(std::string_view(".crc").size());
    const std::string guarded = log_folder(location_) + "/" + std::string(name);
    if (removed.contains(guarded)) return false;
    const auto there = store_.list(log_folder(location_), name);
    return !there.empty() && there.front().path == guarded;
  }

  // Those that no checkpoint which stays names.
  void choose_sidecars() {
    std::vector<FileStatus> sidecars = store_.list(sidecar_folder(location_), "");
    if (sidecars.empty()) return;
    const auto named = named_sidecars();
    if (!named) return;
    for (FileStatus& file : sidecars) {
      if (!is_a_day_old(file)) continue;
      if (named->contains(std::string(name_of(file))) || named->contains(file.path)) continue;
      choose(std::move(file));
    }
  }

  // Nothing when a checkpoint cannot be read: it might name any of them.
  std::optional<std::set<std::string>> named_sidecars() {
    std::set<std::string> names;
    SidecarSink sink(names);
    CheckpointReader reader(store_, snapshot_.engine().get(), location_);
    for (const auto& [version, paths] : checkpoints_) {
      if (removed_checkpoints_.contains(version)) continue;
      heed_stop();
      try {
        reader.read_sidecars({version, paths}, sink);
      } catch (const base::Error& error) {
        report_.note = "sidecars stay: " + error.message();
        return std::nullopt;
      }
    }
    return names;
  }

  void remove() {
    if (options_.dry_run) return;
    remove_until_stopped(store_, report_.files, options_.stop, location_);
  }

  const Snapshot& snapshot_;
  const LogCleanupOptions& options_;
  Store& store_;
  const std::string& location_;
  const std::int64_t now_;
  std::map<std::int64_t, FileStatus> commits_;
  std::map<std::int64_t, std::vector<std::string>> checkpoints_;
  std::map<std::int64_t, std::vector<std::string>> removed_checkpoints_;
  std::vector<VersionedFile> versioned_;
  std::vector<FileStatus> temporary_;
  LogCleanupReport report_;
};

}  // namespace

LogCleanupReport clean_up_log(const Snapshot& snapshot, const LogCleanupOptions& options) {
  check_maintainable(snapshot.protocol());
  return LogCleanup(snapshot, options).run();
}

}  // namespace delta
