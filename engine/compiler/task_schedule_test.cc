#include "engine/compiler/task_schedule.h"

#include <gtest/gtest.h>

namespace engine {
namespace {

using nlohmann::json;
using Names = std::vector<std::string>;

json view(const std::string& name, const std::string& source) {
  return {{"name", name},
          {"view_kind", "filter"},
          {"view_dependencies", json::array()},
          {"transform", {{"kind", "Filter"}, {"source", source}, {"predicate", "true"}}},
          {"output_schema", {{"columns", json::object()}}}};
}

Spec spec_of(const std::vector<json>& views,
             const std::vector<std::pair<std::string, std::string>>& outputs) {
  json spec = {{"version", 4},
               {"input_relations",
                {{{"logical_name", "refs"}, {"delta_location", "/refs"}},
                 {{"logical_name", "unread"}, {"delta_location", "/u"}}}},
               {"view_definitions", views},
               {"join_graph", {{"edges", json::array()}, {"constraints", json::array()}}},
               {"output_targets", json::array()},
               {"rule_intents", json::array()},
               {"rulepack_profile", "Default"}};
  for (const auto& [name, source] : outputs) {
    spec["output_targets"].push_back(
        {{"table_name", name}, {"source_view", source}, {"columns", json::array()}});
  }
  return parse_spec(spec.dump());
}

Spec two_outputs() {
  return spec_of({view("x_refs", "refs"), view("per_file", "x_refs"), view("dead", "refs")},
                 {{"x_refs_out", "x_refs"}, {"per_file_out", "per_file"}});
}

TEST(TaskSchedule, RunsTheLongestWayFirstTiesByName) {
  const auto schedule = schedule_tasks(two_outputs(), {});
  EXPECT_EQ(schedule.execution_order,
            (Names{"refs", "x_refs", "per_file", "per_file_out", "x_refs_out"}));
  EXPECT_EQ(schedule.critical_path, (Names{"refs", "x_refs", "per_file", "per_file_out"}));
  EXPECT_EQ(schedule.critical_path_length, 5);
}

TEST(TaskSchedule, GivesBottomLevelsAndSlack) {
  const auto schedule = schedule_tasks(two_outputs(), {});
  EXPECT_EQ(
      schedule.bottom_level_costs,
      (std::map<std::string, double>{
          {"refs", 5}, {"x_refs", 3}, {"per_file", 2}, {"per_file_out", 1}, {"x_refs_out", 1}}));
  EXPECT_EQ(
      schedule.slack_by_task,
      (std::map<std::string, double>{
          {"refs", 0}, {"x_refs", 0}, {"per_file", 0}, {"per_file_out", 0}, {"x_refs_out", 1}}));
}

TEST(TaskSchedule, CostsGrowWithKnownRows) {
  const auto costs = task_costs(two_outputs(), {{"refs", 5000}, {"per_file", 10}});
  EXPECT_EQ(costs.at("refs"), 10);
  EXPECT_EQ(costs.at("per_file"), 1);
  EXPECT_EQ(costs.at("x_refs"), 1);
  EXPECT_FALSE(costs.contains("dead"));
  EXPECT_FALSE(costs.contains("unread"));
}

TEST(TaskSchedule, TakesAnOutputAndTheViewOfItsNameForOneTask) {
  const auto spec = spec_of({view("nodes", "refs")}, {{"nodes", "nodes"}});
  EXPECT_EQ(schedule_tasks(spec, {}).execution_order, (Names{"refs", "nodes"}));
  EXPECT_EQ(task_costs(spec, {}).at("nodes"), 2);
  EXPECT_EQ(task_dependencies(spec).at("nodes"), (Names{"refs"}));
}

TEST(TaskSchedule, KeepsAnOutputApartFromAnotherViewOfItsName) {
  const auto spec = spec_of({view("a", "refs"), view("b", "a")}, {{"a", "b"}});
  EXPECT_EQ(schedule_tasks(spec, {}).execution_order, (Names{"refs", "a", "b", "a (output)"}));
}

}  // namespace
}  // namespace engine
