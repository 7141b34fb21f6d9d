#include "base/time.h"
#include "engine/executor/run_result.h"

namespace engine {
namespace {

using Json = nlohmann::ordered_json;

Json hash_json(const base::Digest& digest) {
  return Json(std::vector<int>(digest.begin(), digest.end()));
}

Json to_json(const MaterializationResult& output) {
  return {{"table_name", output.table_name},
          {"delta_location", output.delta_location},
          {"rows_written", output.rows_written},
          {"partition_count", output.partition_count},
          {"write_outcome",
           {{"status", "captured"},
            {"delta_version", output.delta_version},
            {"files_added", output.files_added},
            {"bytes_written", output.bytes_written}}},
          {"delta_version", output.delta_version},
          {"files_added", output.files_added},
          {"bytes_written", output.bytes_written}};
}

Json to_json(const MaintenanceReport& report) {
  return {{"table_name", report.table_name},
          {"operation", report.operation},
          {"success", report.success},
          {"message", report.message ? Json(*report.message) : Json(nullptr)}};
}

Json to_json(const OperatorMetrics& metrics) {
  return {{"operator_name", metrics.operator_name},
          {"output_rows", metrics.output_rows},
          {"elapsed_compute_nanos", metrics.elapsed_compute_nanos},
          {"spill_count", metrics.spill_count},
          {"spilled_bytes", metrics.spilled_bytes},
          {"memory_usage", metrics.memory_usage}};
}

Json to_json(const CollectedMetrics& metrics) {
  Json operators = Json::array();
  for (const OperatorMetrics& entry : metrics.operator_metrics) operators.push_back(to_json(entry));
  return {{"output_rows", metrics.output_rows},
          {"spill_count", metrics.spill_count},
          {"spilled_bytes", metrics.spilled_bytes},
          {"elapsed_compute_nanos", metrics.elapsed_compute_nanos},
          {"peak_memory_bytes", metrics.peak_memory_bytes},
          {"scan_selectivity", metrics.scan_selectivity},
          {"partition_count", metrics.partition_count},
          {"operator_metrics", std::move(operators)}};
}

Json to_json(const TraceMetricsSummary& summary) {
  Json counts = Json::object();
  for (const auto& [code, count] : summary.warning_counts_by_code) counts[code] = count;
  return {{"output_rows", summary.output_rows},
          {"output_batches", summary.output_batches},
          {"output_bytes", summary.output_bytes},
          {"elapsed_compute_nanos", summary.elapsed_compute_nanos},
          {"spill_file_count", summary.spill_file_count},
          {"spilled_bytes", summary.spilled_bytes},
          {"spilled_rows", summary.spilled_rows},
          {"selectivity", summary.selectivity},
          {"operator_count", summary.operator_count},
          {"warning_count_total", summary.warning_count_total},
          {"warning_counts_by_code", std::move(counts)}};
}

Json costs_json(const std::map<std::string, double>& costs) {
  Json json = Json::object();
  for (const auto& [task, cost] : costs) json[task] = cost;
  return json;
}

}  // namespace

std::string_view to_string(StatsQuality quality) {
  switch (quality) {
    case StatsQuality::kExact:
      return "Exact";
    case StatsQuality::kEstimated:
      return "Estimated";
    case StatsQuality::kUnknown:
      return "Unknown";
  }
  return "";
}

Json to_json(const TaskSchedule& schedule) {
  return {{"execution_order", schedule.execution_order},
          {"critical_path", schedule.critical_path},
          {"critical_path_length", schedule.critical_path_length},
          {"bottom_level_costs", costs_json(schedule.bottom_level_costs)},
          {"slack_by_task", costs_json(schedule.slack_by_task)}};
}

Json to_json(const RunWarning& warning) {
  Json json = {{"code", to_string(warning.code)},
               {"stage", to_string(warning.stage)},
               {"message", warning.message}};
  if (warning.context.empty()) return json;
  Json context = Json::object();
  for (const auto& [key, value] : warning.context) context[key] = value;
  json["context"] = std::move(context);
  return json;
}

Json to_json(const RunResult& result) {
  Json outputs = Json::array();
  for (const MaterializationResult& output : result.outputs) outputs.push_back(to_json(output));
  Json reports = Json::array();
  for (const MaintenanceReport& report : result.maintenance_reports) {
    reports.push_back(to_json(report));
  }
  Json warnings = Json::array();
  for (const RunWarning& warning : result.warnings) warnings.push_back(to_json(warning));
  return {{"outputs", std::move(outputs)},
          {"spec_hash", hash_json(result.determinism.spec_hash)},
          {"envelope_hash", hash_json(result.determinism.envelope_hash)},
          {"rulepack_fingerprint", hash_json(result.determinism.rulepack_fingerprint)},
          {"compliance_capture_json", nullptr},
          {"tuner_hints", Json::array()},
          {"plan_bundles", Json::array()},
          {"task_schedule", to_json(result.task_schedule)},
          {"stats_quality", to_string(result.stats_quality)},
          {"collected_metrics", to_json(result.collected_metrics)},
          {"trace_metrics_summary", to_json(result.trace_metrics_summary)},
          {"maintenance_reports", std::move(reports)},
          {"warnings", std::move(warnings)},
          {"started_at", base::to_rfc3339(result.started_at_us)},
          {"completed_at", base::to_rfc3339(result.completed_at_us)}};
}

}  // namespace engine
