#include "engine/executor/pipeline.h"

#include <algorithm>
#include <iterator>

#include "base/error.h"
#include "base/time.h"
#include "delta/commit.h"
#include "duck/interrupt_watch.h"
#include "engine/executor/maintenance.h"
#include "engine/executor/materialize.h"
#include "engine/executor/output_locations.h"
#include "engine/executor/run_identity.h"

namespace engine {
namespace {

LineageContext lineage_of(const Spec& spec, const ExecutionContext& context) {
  LineageContext lineage;
  lineage.envelope = context.envelope;
  lineage.rulepack_profile = context.rulepack.profile;
  if (spec.runtime_profile) lineage.runtime_profile = spec.runtime_profile->profile_name;
  lineage.run_started_at = base::to_rfc3339(context.started_at_us);
  lineage.lineage_tags = spec.runtime.lineage_tags;
  lineage.run_id = context.journal.run_id();
  return lineage;
}

// Overwrites may be done again: only rows that are appended must not be twice.
RunJournal journal_of(const Spec& spec, const std::map<std::string, std::string>& locations,
                      const ExecutionContext& context) {
  for (const OutputTarget& output : spec.output_targets) {
    if (output.materialization_mode != MaterializationMode::kAppend) continue;
    return {locations.at(output.table_name),
            run_identity(context.envelope.contract.spec_hash, context.tables,
                         spec.runtime.lineage_tags)};
  }
  return {};
}

bool has_certainly_committed_nothing(const base::Error& error) {
  return !error.details().contains("committed") && !delta::may_have_committed(error);
}

Materialization materialize_once(const CompiledSpec& compiled, const Spec& spec,
                                 ExecutionContext& context, const RunControl& control) {
  const std::map<std::string, std::string> locations = output_locations(spec);
  context.journal = journal_of(spec, locations, context);
  try {
    return materialize(compiled, locations, lineage_of(spec, context), context, control,
                       [&] { context.journal.open(); });
  } catch (const base::Error& error) {
    if (has_certainly_committed_nothing(error)) context.journal.abandon();
    throw;
  }
}

void maintain_outputs(const Spec& spec, ExecutionContext& context, const RunControl& control,
                      RunResult& result) {
  if (!spec.maintenance) return;
  Maintenance done = maintain(*spec.maintenance, result.outputs, *context.database, control);
  result.maintenance_reports = std::move(done.reports);
  std::ranges::move(done.warnings, std::back_inserter(result.warnings));
}

void warn_of_poor_statistics(StatsQuality quality, std::vector<RunWarning>& warnings) {
  if (quality == StatsQuality::kExact) return;
  warnings.push_back(
      {WarningCode::kCostModelStatsFallback,
       WarningStage::kCompilation,
       "task costs of inputs without row counts are those of one row; the schedule may be poor",
       {{"stats_quality", quality == StatsQuality::kUnknown ? "unknown" : "estimated"}}});
}

}  // namespace

StatsQuality stats_quality(const std::vector<TableRegistration>& tables) {
  const auto known = std::ranges::count_if(
      tables, [](const TableRegistration& table) { return table.rows.has_value(); });
  if (known == std::ssize(tables)) return StatsQuality::kExact;
  return known == 0 ? StatsQuality::kUnknown : StatsQuality::kEstimated;
}

CompiledSpec compile_for_run(const Spec& spec, ExecutionContext& context) {
  output_locations(spec);
  return compile(spec, context.inputs(), *context.connection);
}

CompiledSpec check_run(const Spec& spec, ExecutionContext& context) {
  CompiledSpec compiled = compile_for_run(spec, context);
  check_outputs(compiled, output_locations(spec), context);
  return compiled;
}

RunResult run_pipeline(const Spec& spec, ExecutionContext& context, const RunControl& control) {
  control.tell({.step = RunStep::kCompile});
  const CompiledSpec compiled = compile_for_run(spec, context);
  duck::throw_if_stopped(control.stop);
  control.tell({.step = RunStep::kCompile, .finished = true});

  RunResult result;
  result.started_at_us = context.started_at_us;
  result.determinism = context.envelope.contract;
  result.task_schedule = compiled.schedule;
  result.stats_quality = stats_quality(context.tables);
  result.warnings = context.warnings;
  result.warnings.insert(result.warnings.end(), compiled.warnings.begin(), compiled.warnings.end());
  warn_of_poor_statistics(result.stats_quality, result.warnings);

  Materialization materialized = materialize_once(compiled, spec, context, control);
  result.outputs = std::move(materialized.outputs);
  std::ranges::move(materialized.warnings, std::back_inserter(result.warnings));
  maintain_outputs(spec, context, control, result);

  result.collected_metrics = materialized.metrics.metrics();
  result.trace_metrics_summary = materialized.metrics.summary(result.warnings);
  result.completed_at_us = base::now_us();
  return result;
}

}  // namespace engine
