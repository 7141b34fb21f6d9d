#include "engine/executor/metrics.h"

#include <algorithm>

namespace engine {
namespace {

// Rows that DuckDB hands on at once.
constexpr std::int64_t kRowsPerBatch = 2048;

}  // namespace

void MetricsCollector::add_operator(const duck::OperatorProfile& profile) {
  metrics_.operator_metrics.push_back({.operator_name = profile.name,
                                       .output_rows = profile.rows,
                                       .elapsed_compute_nanos = profile.cpu_nanos,
                                       .memory_usage = profile.result_bytes});
  if (profile.children.empty() && profile.rows_scanned > 0) {
    rows_scanned_ += profile.rows_scanned;
    rows_from_scans_ += profile.rows;
    metrics_.scan_selectivity =
        static_cast<double>(rows_from_scans_) / static_cast<double>(rows_scanned_);
  }
  for (const duck::OperatorProfile& child : profile.children) add_operator(child);
}

void MetricsCollector::add_query(const duck::QueryProfile& profile) {
  metrics_.elapsed_compute_nanos += profile.cpu_nanos;
  metrics_.peak_memory_bytes = std::max(metrics_.peak_memory_bytes, profile.peak_memory_bytes);
  metrics_.spilled_bytes = std::max(metrics_.spilled_bytes, profile.spilled_bytes);
  if (profile.spilled_bytes > 0) ++metrics_.spill_count;
  add_operator(profile.root);
}

void MetricsCollector::add_output(const duck::QueryProfile& profile, std::int64_t rows,
                                  std::int64_t bytes, std::int64_t partitions) {
  add_query(profile);
  metrics_.output_rows += rows;
  metrics_.partition_count += partitions;
  output_bytes_ += bytes;
  output_batches_ += (rows + kRowsPerBatch - 1) / kRowsPerBatch;
}

TraceMetricsSummary MetricsCollector::summary(const std::vector<RunWarning>& warnings) const {
  TraceMetricsSummary summary;
  summary.output_rows = metrics_.output_rows;
  summary.output_batches = output_batches_;
  summary.output_bytes = output_bytes_;
  summary.elapsed_compute_nanos = metrics_.elapsed_compute_nanos;
  summary.spill_file_count = metrics_.spill_count;
  summary.spilled_bytes = metrics_.spilled_bytes;
  summary.selectivity = metrics_.scan_selectivity;
  summary.operator_count = static_cast<std::int64_t>(metrics_.operator_metrics.size());
  summary.warning_count_total = static_cast<std::int64_t>(warnings.size());
  for (const RunWarning& warning : warnings) {
    ++summary.warning_counts_by_code[to_snake_case(warning.code)];
  }
  return summary;
}

}  // namespace engine
