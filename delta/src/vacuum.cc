#include "delta/vacuum.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "base/error.h"
#include "base/time.h"
#include "delta/src/after_commit.h"
#include "delta/src/commit_reader.h"
#include "delta/src/features.h"
#include "delta/src/kept_files.h"
#include "delta/src/last_vacuum.h"
#include "delta/src/log_path.h"
#include "delta/src/stop.h"
#include "delta/src/table_property.h"
#include "delta/transaction.h"

namespace delta {
namespace {

// What other engines keep below a table is hidden from vacuum.
class HiddenNames {
 public:
  explicit HiddenNames(const std::vector<std::string>& partition_columns) {
    for (const std::string& column : partition_columns) shown_.push_back(column + "=");
  }

  bool hides(std::string_view path) const {
    const std::string_view name = path.substr(path.rfind('/') + 1);
    if (!name.starts_with('_') && !name.starts_with('.')) return false;
    return std::none_of(shown_.begin(), shown_.end(),
                        [&](const std::string& shown) { return name.starts_with(shown); });
  }

 private:
  std::vector<std::string> shown_ = {"_change_data", "_delta_index"};
};

// What the commits before the retention removed, or wrote as change data.
class RemovedSink final : public ActionSink {
 public:
  RemovedSink(const KeptFiles& kept, std::map<std::string, std::int64_t>& removed)
      : kept_(kept), removed_(removed) {}

  void on_remove(RemoveFile&& remove) override {
    take(kept_.below(remove.path), remove.size.value_or(0));
    if (remove.deletion_vector) take(kept_.below(*remove.deletion_vector), 0);
  }
  void on_cdc(AddCdcFile&& file) override { take(kept_.below(file.path), file.size); }

 private:
  void take(std::optional<std::string> path, std::int64_t size) {
    if (path) removed_.emplace(std::move(*path), size);
  }

  const KeptFiles& kept_;
  std::map<std::string, std::int64_t>& removed_;
};

class Vacuum {
 public:
  Vacuum(const std::shared_ptr<const Snapshot>& snapshot, const VacuumOptions& options)
      : snapshot_(snapshot),
        options_(options),
        store_(*snapshot->store()),
        location_(snapshot->location()),
        now_(options.clock ? options.clock() : base::now_ms()),
        hidden_(snapshot->metadata().partition_columns),
        kept_(location_) {
    set_retention();
  }

  VacuumReport run() {
    const std::int64_t started = base::now_ms();
    heed_stop();
    kept_.read(*snapshot_, oldest_kept(), [this] { heed_stop(); });
    if (options_.lite) {
      choose_from_log();
    } else {
      choose_from_folder();
    }
    std::sort(report_.files.begin(), report_.files.end());
    heed_stop();
    if (!options_.dry_run) remove();
    report_.duration_ms = base::now_ms() - started;
    return std::move(report_);
  }

 private:
  void set_retention() {
    const std::int64_t property_ms = deleted_file_retention_ms(snapshot_->metadata());
    // Longer ago than any file; more would overflow.
    constexpr std::int64_t kMostHours = std::numeric_limits<std::int64_t>::max() / kMsPerHour / 2;
    retention_ms_ = options_.retention_hours
                        ? std::min(*options_.retention_hours, kMostHours) * kMsPerHour
                        : property_ms;
    constexpr std::int64_t kLeast = kLeastVacuumRetentionHours * kMsPerHour;
    if (retention_ms_ < kLeast) {
      report_.note = "files of the last " + std::to_string(kLeastVacuumRetentionHours) +
                     " hours are kept; " + std::to_string(retention_ms_ / kMsPerHour) +
                     " hours were asked for";
      retention_ms_ = kLeast;
    }
    report_.retention_hours = retention_ms_ / kMsPerHour;
  }

  std::int64_t oldest_kept() const { return now_ - retention_ms_; }

  // Until the first file is removed.
  void heed_stop() const { throw_if_stopped(options_.stop, location_, "no file was removed"); }

  bool enters(std::string_view folder) const { return !hidden_.hides(folder); }

  void choose(const std::string& path_below, std::int64_t size) {
    report_.files.push_back(location_ + "/" + path_below);
    report_.bytes += size;
  }

  void choose_from_folder() {
    const auto enters_folder = [this](std::string_view folder) {
      heed_stop();
      return enters(folder);
    };
    for (const FileStatus& file : store_.list_tree(location_, enters_folder)) {
      const std::string below = file.path.substr(location_.size() + 1);
      if (file.modification_time >= oldest_kept() || hidden_.hides(below)) continue;
      if (!kept_.contains(below)) choose(below, file.size);
    }
  }

  struct LoggedCommits {
    std::optional<std::int64_t> first;
    // The newest that is older than the retention.
    std::optional<std::int64_t> last_outside;
  };

  LoggedCommits logged_commits() const {
    LoggedCommits commits;
    for (const FileStatus& file : store_.list(log_folder(location_), "")) {
      const auto name =
          parse_log_file_name(std::string_view(file.path).substr(log_folder(location_).size() + 1));
      if (!name || name->kind != LogFileKind::kCommit) continue;
      if (!commits.first) commits.first = name->version;
      if (file.modification_time >= oldest_kept()) break;
      commits.last_outside = name->version;
    }
    return commits;
  }

  void choose_from_log() {
    const LoggedCommits commits = logged_commits();
    if (!commits.last_outside) return;
    const auto done = last_vacuumed_version(store_, location_);
    const std::int64_t begin = done ? *done + 1 : 0;
    if (*commits.first > begin) {
      throw base::Error(base::Stage::kRuntime, "DELTA_CANNOT_VACUUM_LITE",
                        "table '" + location_ + "' cannot be vacuumed by its log alone: commits " +
                            std::to_string(begin) + " to " + std::to_string(*commits.first - 1) +
                            " are not there any more; a full vacuum works",
                        {{"path", location_}});
    }
    std::map<std::string, std::int64_t> removed;
    RemovedSink sink(kept_, removed);
    CommitReader reader;
    for (std::int64_t version = begin; version <= *commits.last_outside; ++version) {
      heed_stop();
      const std::string path = commit_path(location_, version);
      reader.read(store_.read(path), path, {.files = true, .changes = true}, sink);
    }
    for (const auto& [path, size] : removed) {
      if (!kept_.contains(path)) choose(path, size);
    }
  }

  void commit(const std::string& operation, nlohmann::json parameters, nlohmann::json metrics) {
    const auto latest = Snapshot::load(snapshot_->store(), snapshot_->engine(), location_);
    CommitOptions options;
    options.operation = operation;
    options.operation_parameters = std::move(parameters);
    options.operation_metrics = std::move(metrics);
    // No row is written.
    auto transaction = Transaction::start(
        latest, {.row_rules = true, .column_mapping = true, .change_data = true});
    report_.versions.push_back(transaction.commit(options).version);
  }

  bool logs_commits() const {
    if (options_.log_commits) return *options_.log_commits;
    return flag_property(snapshot_->metadata(), "delta.vacuum.logging.enabled", false);
  }

  void commit_start() {
    nlohmann::json parameters = {
        {"retentionCheckEnabled", "true"},
        {"defaultRetentionMillis",
         std::to_string(deleted_file_retention_ms(snapshot_->metadata()))}};
    if (options_.retention_hours) {
      parameters["specifiedRetentionMillis"] = std::to_string(retention_ms_);
    }
    commit("VACUUM START", std::move(parameters),
           {{"numFilesToDelete", std::to_string(report_.files.size())},
            {"sizeOfDataToDelete", std::to_string(report_.bytes)}});
  }

  void commit_end() {
    commit("VACUUM END", {{"status", "COMPLETED"}},
           {{"numDeletedFiles", std::to_string(report_.files.size())},
            {"numVacuumedDirectories", std::to_string(report_.folders)}});
  }

  // The error that led to it matters more than that this one cannot be told either.
  void commit_failed_end() {
    std::vector<std::string> warnings;
    best_effort("VACUUM END", warnings,
                [this] { commit("VACUUM END", {{"status", "FAILED"}}, nlohmann::json::object()); });
  }

  void remove() {
    const auto last = logged_commits().last_outside;
    const bool logs = logs_commits();
    if (logs) commit_start();
    try {
      remove_until_stopped(store_, report_.files, options_.stop, location_);
      report_.folders = store_.remove_empty_folders(
          location_, [this](std::string_view folder) { return enters(folder); }, oldest_kept());
    } catch (const base::Error&) {
      if (logs) commit_failed_end();
      throw;
    }
    if (last) {
      best_effort("word of the last vacuum", report_.warnings,
                  [&] { put_last_vacuumed_version(store_, location_, *last); });
    }
    if (logs) commit_end();
  }

  const std::shared_ptr<const Snapshot>& snapshot_;
  const VacuumOptions& options_;
  Store& store_;
  const std::string& location_;
  const std::int64_t now_;
  const HiddenNames hidden_;
  std::int64_t retention_ms_ = 0;
  KeptFiles kept_;
  VacuumReport report_;
};

}  // namespace

VacuumReport vacuum(const std::shared_ptr<const Snapshot>& snapshot, const VacuumOptions& options) {
  // What the caller has opened may be an old version, or of a table that another one replaced.
  const auto latest = Snapshot::load(snapshot->store(), snapshot->engine(), snapshot->location());
  check_maintainable(latest->protocol());
  return Vacuum(latest, options).run();
}

}  // namespace delta
