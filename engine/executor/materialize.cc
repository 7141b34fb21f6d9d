#include "engine/executor/materialize.h"

#include <algorithm>
#include <memory>

#include "base/error.h"
#include "duck/interrupt_watch.h"
#include "duck/sql_text.h"
#include "engine/executor/output_refusal.h"
#include "engine/executor/output_table.h"
#include "engine/executor/shared_view_lifetimes.h"
#include "engine/spec/invalid_spec.h"
#include "engine/spec/json_document.h"

namespace engine {
namespace {

using Details = base::Error::Details;

// One output on its way.
struct OutputRun {
  const CompiledOutput* output = nullptr;
  std::unique_ptr<OutputTable> table = nullptr;
  MaterializationResult result = {};
  bool is_written = false;
};

// The cause's details, of which "path" is the table's or a file's, not one in the spec.
Details details_of(const std::string& output, const base::Error& cause) {
  Details details = cause.details();
  details["output"] = output;
  details["cause"] = cause.code();
  return details;
}

[[noreturn]] void refuse(const std::string& output, const base::Error& cause,
                         const std::string& field) {
  Details details = details_of(output, cause);
  if (const auto place = details.find("path"); place != details.end()) {
    details["location"] = place->second;
  }
  throw_invalid_spec(field, "output " + in_quotes(output) + ": " + cause.message(),
                     std::move(details));
}

[[noreturn]] void fail(const std::string& output, const base::Error& cause, Details more,
                       const std::string& where) {
  Details details = details_of(output, cause);
  details.merge(more);
  throw base::Error(base::Stage::kMaterialization, "OUTPUT_MATERIALIZATION_FAILED",
                    "output '" + output + "'" + where + ": " + cause.message(), std::move(details));
}

class MaterializationRun {
 public:
  MaterializationRun(const CompiledSpec& compiled, const LineageContext& lineage,
                     ExecutionContext& context, const RunControl& control)
      : compiled_(compiled), lineage_(lineage), context_(context), control_(control) {}

  void check(const std::map<std::string, std::string>& locations) { open_tables(locations); }

  Materialization run(const std::map<std::string, std::string>& locations,
                      const std::function<void()>& before_commits) {
    open_tables(locations);
    write_tables();
    duck::throw_if_stopped(control_.stop);
    if (before_commits) before_commits();
    commit_tables();
    return {.outputs = results(), .metrics = std::move(metrics_), .warnings = std::move(warnings_)};
  }

 private:
  duck::Connection& connection() { return *context_.connection; }

  // Turns what goes wrong with `output` into the run's error.
  template <typename Action>
  void guarded(const std::string& output, const Action& action, const Details& more = {},
               const std::string& where = "") {
    try {
      action();
    } catch (const base::Error& error) {
      duck::throw_if_stopped(control_.stop);
      fail(output, error, more, where);
    }
  }

  void open_tables(const std::map<std::string, std::string>& locations) {
    for (const CompiledOutput* output : outputs_in_order(compiled_)) {
      OutputRun run{.output = output, .table = open(*output, locations)};
      if (const auto version = run.table->written_version()) leave_alone(run, *version);
      runs_.push_back(std::move(run));
    }
  }

  std::unique_ptr<OutputTable> open(const CompiledOutput& output,
                                    const std::map<std::string, std::string>& locations) {
    const std::string& name = output.target.table_name;
    try {
      return std::make_unique<OutputTable>(output, locations.at(name), lineage_.run_id,
                                           *context_.database);
    } catch (const base::Error& error) {
      duck::throw_if_stopped(control_.stop);
      const auto index = static_cast<std::size_t>(&output - compiled_.outputs.data());
      if (const auto field = refused_field(error, output.target, index)) {
        refuse(name, error, *field);
      }
      fail(name, error, {}, "");
    }
  }

  void leave_alone(OutputRun& run, std::int64_t version) {
    run.is_written = true;
    run.result = {.table_name = run.table->name(),
                  .delta_location = run.table->location(),
                  .delta_version = version};
    warnings_.push_back({WarningCode::kOutputAlreadyWritten,
                         WarningStage::kMaterialization,
                         "output '" + run.table->name() +
                             "': the rows of this run are in the table already; nothing was added",
                         {{"output", run.table->name()}, {"version", std::to_string(version)}}});
  }

  // The outputs that are not written yet, in the schedule's order.
  std::vector<OutputRun*> open_runs() {
    std::vector<OutputRun*> open;
    for (OutputRun& run : runs_) {
      if (!run.is_written) open.push_back(&run);
    }
    return open;
  }

  void write_tables() {
    const duck::InterruptWatch watch(connection(), control_.stop);
    connection().set_profiling(true);
    const std::vector<OutputRun*> runs = open_runs();
    std::vector<const CompiledOutput*> outputs;
    for (const OutputRun* run : runs) outputs.push_back(run->output);
    const std::vector<SharedViewSteps> steps = plan_shared_views(compiled_, outputs);
    for (std::size_t i = 0; i < runs.size(); ++i) {
      for (const SharedView* view : steps[i].compute) compute(*view, runs[i]->table->name());
      write(*runs[i], static_cast<std::int64_t>(i) + 1, static_cast<std::int64_t>(runs.size()));
      for (const SharedView* view : steps[i].drop) drop(*view);
    }
  }

  void compute(const SharedView& view, const std::string& output) {
    duck::throw_if_stopped(control_.stop);
    RunProgress progress{.step = RunStep::kSharedView,
                         .name = view.name,
                         .index = ++views_computed_,
                         .count = static_cast<std::int64_t>(compiled_.shared_views.size())};
    control_.tell(progress);
    guarded(
        output,
        [&] {
          // DuckDB answers with the number of rows.
          const duck::ResultRows created =
              connection().query("CREATE TEMPORARY TABLE " + duck::quote_identifier(view.table) +
                                     " AS " + view.query.sql,
                                 view.query.parameters);
          progress.rows = std::get<std::int64_t>(created.rows.at(0).at(0));
          metrics_.add_query(connection().last_profile());
        },
        {{"view", view.name}}, ", view '" + view.name + "'");
    progress.finished = true;
    control_.tell(progress);
  }

  void drop(const SharedView& view) {
    connection().execute("DROP TABLE " + duck::quote_identifier(view.table));
  }

  void write(OutputRun& run, std::int64_t index, std::int64_t count) {
    duck::throw_if_stopped(control_.stop);
    RunProgress progress{
        .step = RunStep::kOutput, .name = run.table->name(), .index = index, .count = count};
    control_.tell(progress);
    const std::int64_t partitions = context_.config.target_partitions;
    guarded(run.table->name(), [&] {
      const duck::CopiedFiles& copied = run.table->write(connection());
      metrics_.add_output(copied.profile, copied.rows, copied.bytes, partitions);
      run.result = {.table_name = run.table->name(),
                    .delta_location = run.table->location(),
                    .rows_written = copied.rows,
                    .partition_count = partitions};
    });
    progress.finished = true;
    progress.rows = run.result.rows_written;
    control_.tell(progress);
  }

  void commit_tables() {
    control_.tell({.step = RunStep::kCommit});
    std::string committed;
    for (OutputRun* const open : open_runs()) {
      OutputRun& run = *open;
      const Details more = committed.empty() ? Details{} : Details{{"committed", committed}};
      const std::string where = committed.empty() ? "" : " (already committed: " + committed + ")";
      try {
        commit(run);
      } catch (const base::Error& error) {
        fail(run.table->name(), error, more, where);
      }
      committed += (committed.empty() ? "" : ", ") + run.table->name();
    }
    control_.tell({.step = RunStep::kCommit, .finished = true});
  }

  void commit(OutputRun& run) {
    const delta::CommitResult result =
        run.table->commit(commit_properties(lineage_, run.output->target.write_metadata));
    // Another process is the same run.
    if (result.already_committed) return leave_alone(run, result.version);
    run.result.delta_version = result.version;
    run.result.files_added = result.files_added;
    run.result.bytes_written = result.bytes_added;
    for (const std::string& warning : result.warnings)
      warn_after_commit(run.table->name(), warning);
  }

  // The commit stands; what should have followed it does not.
  void warn_after_commit(const std::string& output, const std::string& warning) {
    warnings_.push_back({WarningCode::kMaintenanceFailed,
                         WarningStage::kMaterialization,
                         "output '" + output + "' is written; " + warning,
                         {{"output", output}}});
  }

  std::vector<MaterializationResult> results() const {
    std::vector<MaterializationResult> results;
    for (const CompiledOutput& output : compiled_.outputs) {
      const auto run = std::ranges::find(runs_, &output, &OutputRun::output);
      results.push_back(run->result);
    }
    return results;
  }

  const CompiledSpec& compiled_;
  const LineageContext& lineage_;
  ExecutionContext& context_;
  const RunControl& control_;
  std::vector<OutputRun> runs_;  // in the schedule's order
  MetricsCollector metrics_;
  std::vector<RunWarning> warnings_;
  std::int64_t views_computed_ = 0;
};

}  // namespace

Materialization materialize(const CompiledSpec& compiled,
                            const std::map<std::string, std::string>& locations,
                            const LineageContext& lineage, ExecutionContext& context,
                            const RunControl& control,
                            const std::function<void()>& before_commits) {
  return MaterializationRun(compiled, lineage, context, control).run(locations, before_commits);
}

void check_outputs(const CompiledSpec& compiled,
                   const std::map<std::string, std::string>& locations, ExecutionContext& context) {
  MaterializationRun(compiled, {}, context, {}).check(locations);
}

}  // namespace engine
