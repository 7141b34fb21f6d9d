#include "engine/executor/maintenance.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <functional>
#include <limits>
#include <mutex>
#include <set>
#include <thread>
#include <utility>

#include "base/error.h"
#include "delta/checkpoint.h"
#include "delta/log_cleanup.h"
#include "delta/vacuum.h"
#include "duck/interrupt_watch.h"
#include "duck/table_constraint.h"
#include "duck/table_optimize.h"

namespace engine {
namespace {

constexpr int kRetries = 15;

// Of the spec's numbers, which have no sign.
std::int64_t to_signed(std::uint64_t number) {
  constexpr std::uint64_t kMost = std::numeric_limits<std::int64_t>::max();
  return static_cast<std::int64_t>(std::min(number, kMost));
}

// "1 file", "2 files"
template <typename Count>
std::string files_text(Count count) {
  return fmt::format("{} file{}", count, count == 1 ? "" : "s");
}

std::string with_note(const std::string& text, const std::string& note) {
  return note.empty() ? text : text + "; " + note;
}

// Does the steps for one table.
class TableMaintenance {
 public:
  // `on_operation` is told what comes next.
  TableMaintenance(const MaintenanceSchedule& schedule, const MaterializationResult& output,
                   duck::Database& database, const std::stop_token& stop,
                   std::function<void(const std::string&)> on_operation)
      : schedule_(schedule),
        table_(output.table_name),
        location_(output.delta_location),
        version_(output.delta_version),
        database_(database),
        stop_(stop),
        on_operation_(std::move(on_operation)) {}

  Maintenance run() {
    if (schedule_.compact) add_step("compact", [this] { return compact(); });
    if (schedule_.checkpoint) add_step("checkpoint", [this] { return checkpoint(); });
    if (schedule_.vacuum) add_step("vacuum", [this] { return vacuum(); });
    if (schedule_.metadata_cleanup) add_step("metadata_cleanup", [this] { return clean_up(); });
    for (const ConstraintSpec& constraint : schedule_.constraints) {
      add_step("constraint", [this, &constraint] { return constrain(constraint); });
    }
    for (const Step& step : steps_) carry_out(step);
    return std::move(done_);
  }

 private:
  struct Step {
    std::string operation;
    std::function<std::string()> action;  // returns what it did
  };

  void add_step(std::string operation, std::function<std::string()> action) {
    steps_.push_back({std::move(operation), std::move(action)});
  }

  void carry_out(const Step& step) {
    MaintenanceReport report{.table_name = table_, .operation = step.operation};
    if (!failed_.empty()) {
      report.message = "not done, since " + failed_ + " was not";
    } else {
      try {
        duck::throw_if_stopped(stop_);
        on_operation_(step.operation);
        require_quiescence();
        report.message = step.action();
        report.success = true;
      } catch (const base::Error& error) {
        fail(step, report, error.code(), error.message());
      } catch (const std::exception& error) {
        fail(step, report, "MAINTENANCE_FAILED", error.what());
      }
    }
    done_.reports.push_back(std::move(report));
  }

  void fail(const Step& step, MaintenanceReport& report, const std::string& code,
            const std::string& message) {
    failed_ = step.operation;
    report.message = message;
    done_.warnings.push_back({WarningCode::kMaintenanceFailed,
                              WarningStage::kMaintenance,
                              fmt::format("{} of table '{}': {}", step.operation, table_, message),
                              {{"table", table_}, {"operation", step.operation}, {"cause", code}}});
  }

  std::shared_ptr<const delta::Snapshot> latest() const {
    return delta::Snapshot::load(delta::store_for(location_), database_.parquet_engine(),
                                 location_);
  }

  base::Error not_quiescent(std::int64_t version) const {
    return {base::Stage::kRuntime,
            "DELTA_TABLE_NOT_QUIESCENT",
            fmt::format("skipped: another writer has committed version {} after version {}",
                        version, version_),
            {{"path", location_}, {"version", std::to_string(version)}}};
  }

  void require_quiescence() const {
    if (!schedule_.require_table_quiescence) return;
    const std::int64_t version = latest()->version();
    if (version != version_) throw not_quiescent(version);
  }

  // Takes note of our own commit.
  void committed(std::int64_t version) {
    const bool others_were_first = version != version_ + 1;
    if (schedule_.require_table_quiescence && others_were_first) throw not_quiescent(version - 1);
    version_ = version;
  }

  int retries() const { return schedule_.require_table_quiescence ? 0 : kRetries; }

  std::string compact() {
    duck::TableOptimization optimization(
        database_, {.location = location_,
                    .target_file_bytes = to_signed(schedule_.compact->target_file_size),
                    .stop = stop_,
                    .max_retries = retries()});
    optimization.write_files();
    const duck::TableOptimizeReport report = optimization.commit();
    if (!report.version) return "nothing to do";
    committed(*report.version);
    return fmt::format("version {}: {} became {}", *report.version,
                       files_text(report.files_removed), files_text(report.files_added));
  }

  std::string checkpoint() const {
    const delta::CheckpointResult result = delta::write_checkpoint(*latest(), {.stop = stop_});
    std::string text =
        result.written
            ? fmt::format("version {}: {} live", result.version, files_text(result.live_files))
            : fmt::format("version {} has a checkpoint already", result.version);
    for (const std::string& warning : result.warnings) text = with_note(text, warning);
    return text;
  }

  std::string vacuum() {
    delta::VacuumOptions options{.retention_hours = retention_hours(), .stop = stop_};
    if (schedule_.vacuum->dry_run_first) {
      options.dry_run = true;
      delta::vacuum(latest(), options);
      options.dry_run = false;
    }
    const delta::VacuumReport report = delta::vacuum(latest(), options);
    for (const std::int64_t version : report.versions) committed(version);
    std::string text = with_note(
        fmt::format("removed {}, {} bytes; kept for {} hours", files_text(report.files.size()),
                    report.bytes, report.retention_hours),
        report.note);
    for (const std::string& warning : report.warnings) text = with_note(text, warning);
    return text;
  }

  std::int64_t retention_hours() const {
    constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max() / 3'600'000;
    return std::min(to_signed(schedule_.vacuum->retention_hours), kMost);
  }

  std::string clean_up() const {
    const delta::LogCleanupReport report = delta::clean_up_log(*latest(), {.stop = stop_});
    return with_note(fmt::format("removed {} of the log, {} bytes", files_text(report.files.size()),
                                 report.bytes),
                     report.note);
  }

  std::string constrain(const ConstraintSpec& constraint) {
    const auto version = duck::add_constraint(
        database_, constraint.expression,
        {.location = location_, .name = constraint.name, .stop = stop_, .max_retries = retries()});
    if (!version) return fmt::format("'{}' was there already", constraint.name);
    committed(*version);
    return fmt::format("version {}: every row meets '{}'", *version, constraint.name);
  }

  const MaintenanceSchedule& schedule_;
  const std::string table_;
  const std::string location_;
  std::int64_t version_;  // the newest one of this run
  duck::Database& database_;
  const std::stop_token stop_;
  const std::function<void(const std::string&)> on_operation_;
  std::vector<Step> steps_;
  std::string failed_;  // the operation that was not done
  Maintenance done_;
};

// Tables side by side, as many as the schedule allows.
class MaintenanceRun {
 public:
  MaintenanceRun(const MaintenanceSchedule& schedule, duck::Database& database,
                 const RunControl& control)
      : schedule_(schedule), database_(database), control_(control) {}

  Maintenance run(const std::vector<MaterializationResult>& outputs) {
    Maintenance all;
    std::set<std::string> targets(schedule_.target_tables.begin(), schedule_.target_tables.end());
    for (const MaterializationResult& output : outputs) {
      const bool is_target =
          targets.erase(output.table_name) > 0 || schedule_.target_tables.empty();
      if (is_target) tables_.push_back(&output);
    }
    for (const std::string& name : targets) all.warnings.push_back(no_such_output(name));
    maintain_tables();
    for (Maintenance& table : done_) {
      std::ranges::move(table.reports, std::back_inserter(all.reports));
      std::ranges::move(table.warnings, std::back_inserter(all.warnings));
    }
    return all;
  }

 private:
  static RunWarning no_such_output(const std::string& name) {
    return {WarningCode::kMaintenanceFailed,
            WarningStage::kMaintenance,
            "maintenance names the table '" + name + "', which is no output of the spec",
            {{"table", name}}};
  }

  void maintain_tables() {
    done_.resize(tables_.size());
    const std::size_t workers = std::min<std::size_t>(
        std::max<std::uint64_t>(schedule_.max_parallel_tables, 1), tables_.size());
    if (workers == 1) return work();
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < workers; ++i) threads.emplace_back([this] { work(); });
  }

  void work() {
    for (std::size_t i = next_++; i < tables_.size(); i = next_++) {
      const MaterializationResult& table = *tables_[i];
      RunProgress progress{.step = RunStep::kMaintenance,
                           .name = table.table_name,
                           .index = static_cast<std::int64_t>(i) + 1,
                           .count = static_cast<std::int64_t>(tables_.size())};
      tell(progress);
      const auto on_operation = [&](const std::string& operation) {
        progress.operation = operation;
        tell(progress);
      };
      done_[i] = TableMaintenance(schedule_, table, database_, control_.stop, on_operation).run();
      progress.operation.clear();
      progress.finished = true;
      tell(progress);
    }
  }

  void tell(const RunProgress& progress) {
    const std::lock_guard lock(mutex_);
    control_.tell(progress);
  }

  const MaintenanceSchedule& schedule_;
  duck::Database& database_;
  const RunControl& control_;
  std::vector<const MaterializationResult*> tables_;
  std::vector<Maintenance> done_;  // of each of the tables
  std::atomic<std::size_t> next_ = 0;
  std::mutex mutex_;
};

bool has_operations(const MaintenanceSchedule& schedule) {
  return schedule.compact || schedule.checkpoint || schedule.vacuum || schedule.metadata_cleanup ||
         !schedule.constraints.empty();
}

}  // namespace

Maintenance maintain(const MaintenanceSchedule& schedule,
                     const std::vector<MaterializationResult>& outputs, duck::Database& database,
                     const RunControl& control) {
  if (!has_operations(schedule)) return {};
  return MaintenanceRun(schedule, database, control).run(outputs);
}

}  // namespace engine
