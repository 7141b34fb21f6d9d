// What a run's queries really did: contract/results.md, "CollectedMetrics" and
// "TraceMetricsSummary".
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "duck/query_profile.h"
#include "engine/spec/run_warning.h"

namespace engine {

struct OperatorMetrics {
  std::string operator_name;
  std::int64_t output_rows = 0;
  std::int64_t elapsed_compute_nanos = 0;
  std::int64_t spill_count = 0;
  std::int64_t spilled_bytes = 0;
  std::int64_t memory_usage = 0;  // bytes that the operator handed on
};

struct CollectedMetrics {
  std::int64_t output_rows = 0;            // written to outputs
  std::int64_t spill_count = 0;            // queries during which data lay spilled
  std::int64_t spilled_bytes = 0;          // the most at one time
  std::int64_t elapsed_compute_nanos = 0;  // over all threads
  std::int64_t peak_memory_bytes = 0;
  double scan_selectivity = 1.0;  // rows that scans gave over rows that they read
  std::int64_t partition_count = 0;
  std::vector<OperatorMetrics> operator_metrics;  // of every query, parents before children
};

struct TraceMetricsSummary {
  std::int64_t output_rows = 0;
  std::int64_t output_batches = 0;
  std::int64_t output_bytes = 0;
  std::int64_t elapsed_compute_nanos = 0;
  std::int64_t spill_file_count = 0;
  std::int64_t spilled_bytes = 0;
  std::int64_t spilled_rows = 0;
  double selectivity = 1.0;
  std::int64_t operator_count = 0;
  std::int64_t warning_count_total = 0;
  std::map<std::string, std::int64_t> warning_counts_by_code;  // by code in snake_case
};

// Adds up the profiles of a run's queries.
class MetricsCollector {
 public:
  // A query whose rows went into a temporary table.
  void add_query(const duck::QueryProfile& profile);
  // A query whose rows went into an output's files.
  void add_output(const duck::QueryProfile& profile, std::int64_t rows, std::int64_t bytes,
                  std::int64_t partitions);

  const CollectedMetrics& metrics() const { return metrics_; }
  TraceMetricsSummary summary(const std::vector<RunWarning>& warnings) const;

 private:
  void add_operator(const duck::OperatorProfile& profile);

  CollectedMetrics metrics_;
  std::int64_t rows_scanned_ = 0;
  std::int64_t rows_from_scans_ = 0;
  std::int64_t output_batches_ = 0;
  std::int64_t output_bytes_ = 0;
};

}  // namespace engine
