#include "engine/executor/metrics.h"

#include <gtest/gtest.h>

namespace engine {
namespace {

duck::QueryProfile scan_profile(std::int64_t scanned, std::int64_t given) {
  duck::QueryProfile profile;
  profile.root = {.name = "PROJECTION",
                  .rows = given,
                  .children = {{.name = "DELTA_SCAN", .rows = given, .rows_scanned = scanned}}};
  profile.cpu_nanos = 100;
  profile.peak_memory_bytes = scanned;
  return profile;
}

TEST(Metrics, AddUpTheQueriesThatRan) {
  MetricsCollector collector;
  collector.add_query(scan_profile(10, 10));
  collector.add_output(scan_profile(5000, 5000), 5000, 777, 4);
  collector.add_output(scan_profile(20, 20), 20, 3, 4);
  const CollectedMetrics& metrics = collector.metrics();
  EXPECT_EQ(metrics.output_rows, 5020);
  EXPECT_EQ(metrics.elapsed_compute_nanos, 300);
  EXPECT_EQ(metrics.peak_memory_bytes, 5000);
  EXPECT_EQ(metrics.partition_count, 8);
  EXPECT_EQ(metrics.operator_metrics.size(), 6u);
  EXPECT_EQ(metrics.operator_metrics[0].operator_name, "PROJECTION");
  EXPECT_EQ(collector.summary({}).output_bytes, 780);
  EXPECT_EQ(collector.summary({}).output_batches, 4);
}

TEST(Metrics, WeighSelectivityByRows) {
  MetricsCollector collector;
  collector.add_query(scan_profile(900, 0));
  collector.add_query(scan_profile(100, 100));
  EXPECT_DOUBLE_EQ(collector.metrics().scan_selectivity, 0.1);
  EXPECT_DOUBLE_EQ(collector.summary({}).selectivity, 0.1);
}

TEST(Metrics, HaveSelectivityOneWithoutScans) {
  EXPECT_DOUBLE_EQ(MetricsCollector().metrics().scan_selectivity, 1.0);
}

TEST(Metrics, CountTheQueriesThatSpilled) {
  duck::QueryProfile spilling = scan_profile(1, 1);
  spilling.spilled_bytes = 4096;
  MetricsCollector collector;
  collector.add_query(scan_profile(1, 1));
  collector.add_query(spilling);
  EXPECT_EQ(collector.metrics().spill_count, 1);
  EXPECT_EQ(collector.metrics().spilled_bytes, 4096);
}

TEST(Metrics, CountWarningsByCode) {
  const RunWarning ignored = {WarningCode::kReservedProfileKnobIgnored,
                              WarningStage::kRuntimeProfile, "a"};
  const RunWarning drift = {WarningCode::kDeltaCompatibilityDrift, WarningStage::kPreflight, "b"};
  const TraceMetricsSummary summary = MetricsCollector().summary({ignored, drift, ignored});
  EXPECT_EQ(summary.warning_count_total, 3);
  EXPECT_EQ(summary.warning_counts_by_code.at("reserved_profile_knob_ignored"), 2);
  EXPECT_EQ(summary.warning_counts_by_code.at("delta_compatibility_drift"), 1);
}

}  // namespace
}  // namespace engine
