// What a run returns: contract/results.md, "RunResult".
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/compiler/task_schedule.h"
#include "engine/executor/metrics.h"
#include "engine/session/envelope.h"
#include "engine/spec/run_warning.h"

namespace engine {

// One output's commit. rows, files and bytes are those of this run's commit.
struct MaterializationResult {
  std::string table_name;
  std::string delta_location;
  std::int64_t rows_written = 0;
  std::int64_t partition_count = 0;  // in how many parallel streams the rows came
  std::int64_t delta_version = 0;
  std::int64_t files_added = 0;
  std::int64_t bytes_written = 0;
};

// One step of the maintenance of a table.
struct MaintenanceReport {
  std::string table_name;
  std::string operation;  // compact, checkpoint, vacuum, metadata_cleanup or constraint
  bool success = false;
  std::optional<std::string> message = std::nullopt;  // what was done, or why it was not
};

enum class StatsQuality { kExact, kEstimated, kUnknown };

std::string_view to_string(StatsQuality quality);

struct RunResult {
  std::vector<MaterializationResult> outputs;  // in the spec's order
  DeterminismContract determinism;
  TaskSchedule task_schedule;
  StatsQuality stats_quality = StatsQuality::kUnknown;
  CollectedMetrics collected_metrics;
  TraceMetricsSummary trace_metrics_summary;
  std::vector<MaintenanceReport> maintenance_reports;
  std::vector<RunWarning> warnings;
  std::int64_t started_at_us = 0;  // since 1970-01-01T00:00:00Z
  std::int64_t completed_at_us = 0;
};

// In the contract's field order; hashes are arrays of 32 integers.
nlohmann::ordered_json to_json(const RunResult& result);
nlohmann::ordered_json to_json(const TaskSchedule& schedule);
nlohmann::ordered_json to_json(const RunWarning& warning);

}  // namespace engine
