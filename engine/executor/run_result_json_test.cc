#include <gtest/gtest.h>

#include <fstream>
#include <optional>
#include <set>

#include "base/shared_data.h"
#include "engine/executor/run_result.h"

namespace engine {
namespace {

using Json = nlohmann::ordered_json;

RunResult sample() {
  RunResult result;
  result.outputs = {{.table_name = "out",
                     .delta_location = "/data/out",
                     .rows_written = 2,
                     .partition_count = 4,
                     .delta_version = 1,
                     .files_added = 1,
                     .bytes_written = 1628}};
  result.determinism.spec_hash = base::blake3("spec");
  result.task_schedule = {.execution_order = {"refs", "out"},
                          .critical_path = {"refs", "out"},
                          .critical_path_length = 6.0,
                          .bottom_level_costs = {{"out", 1.0}, {"refs", 3.0}},
                          .slack_by_task = {{"out", 0.0}, {"refs", 0.0}}};
  result.collected_metrics.operator_metrics = {{.operator_name = "DELTA_SCAN"}};
  result.warnings = {{WarningCode::kCostModelStatsFallback,
                      WarningStage::kCompilation,
                      "costs are guesses",
                      {{"stats_quality", "unknown"}}},
                     {WarningCode::kMaintenanceFailed, WarningStage::kMaintenance, "no vacuum"}};
  result.trace_metrics_summary.warning_counts_by_code = {{"maintenance_failed", 1}};
  result.maintenance_reports = {
      {.table_name = "out", .operation = "compact", .success = true, .message = "nothing to do"},
      {.table_name = "out", .operation = "vacuum"}};
  result.started_at_us = 1'795'340'525'360'146;
  return result;
}

// The shape on the wire of an existing producer.
std::optional<Json> existing_result() {
  const auto folder = base::shared_data_dir();
  if (!folder) return std::nullopt;
  std::ifstream file(*folder / "oracles" / "run-result-shape.json");
  return Json::parse(file);
}

bool same_type(const Json& left, const Json& right) {
  return left.is_number() ? right.is_number() : left.type() == right.type();
}

// Both have the same keys, and values of the same type where both have a value; `path` is for the
// message. `extra` are keys that ours may have besides.
void expect_same_shape(const Json& ours, const Json& theirs, const std::string& path,
                       const std::set<std::string>& extra = {}) {
  for (const auto& [key, value] : theirs.items()) {
    ASSERT_TRUE(ours.contains(key)) << path << "." << key;
    if (ours[key].is_null() || value.is_null()) continue;
    EXPECT_TRUE(same_type(ours[key], value)) << path << "." << key;
    const bool is_map = key == "context" || key == "warning_counts_by_code" ||
                        key == "bottom_level_costs" || key == "slack_by_task";
    if (value.is_object() && !is_map) expect_same_shape(ours[key], value, path + "." + key);
    if (value.is_array() && !value.empty() && value[0].is_object() && !ours[key].empty()) {
      expect_same_shape(ours[key][0], value[0], path + "." + key + "[0]",
                        {"delta_version", "files_added", "bytes_written"});
    }
  }
  for (const auto& [key, value] : ours.items()) {
    EXPECT_TRUE(theirs.contains(key) || extra.contains(key)) << path << "." << key;
  }
}

TEST(RunResultJson, HasTheShapeThatExistingConsumersRead) {
  const auto theirs = existing_result();
  if (!theirs) GTEST_SKIP() << "needs the shared folder with the oracles";
  expect_same_shape(to_json(sample()), *theirs, "$");
}

TEST(RunResultJson, KeepsTheContractsFieldOrder) {
  const auto theirs = existing_result();
  if (!theirs) GTEST_SKIP() << "needs the shared folder with the oracles";
  const auto keys = [](const Json& json) {
    std::vector<std::string> names;
    for (const auto& [key, value] : json.items()) names.push_back(key);
    return names;
  };
  EXPECT_EQ(keys(to_json(sample())), keys(*theirs));
}

TEST(RunResultJson, WritesHashesAsThirtyTwoIntegers) {
  const Json json = to_json(sample());
  ASSERT_EQ(json["spec_hash"].size(), 32u);
  EXPECT_EQ(json["spec_hash"][0].get<int>(), base::blake3("spec")[0]);
}

TEST(RunResultJson, GivesTheOutcomeTwice) {
  const Json output = to_json(sample())["outputs"][0];
  EXPECT_EQ(output["write_outcome"]["status"], "captured");
  EXPECT_EQ(output["write_outcome"]["delta_version"], 1);
  EXPECT_EQ(output["bytes_written"], 1628);
}

TEST(RunResultJson, LeavesOutAnEmptyContext) {
  const Json warnings = to_json(sample())["warnings"];
  EXPECT_EQ(warnings[0]["context"]["stats_quality"], "unknown");
  EXPECT_FALSE(warnings[1].contains("context"));
  EXPECT_EQ(warnings[1]["stage"], "Maintenance");
}

TEST(RunResultJson, WritesTimesWithZone) {
  EXPECT_EQ(to_json(sample())["started_at"], "2026-11-22T09:42:05.360146Z");
}

}  // namespace
}  // namespace engine
