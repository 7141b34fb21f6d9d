// The order and the cost of a run's tasks: contract/results.md, "TaskSchedule".
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "engine/spec/spec.h"

namespace engine {

struct TaskSchedule {
  std::vector<std::string> execution_order;
  std::vector<std::string> critical_path;
  double critical_path_length = 0;
  std::map<std::string, double> bottom_level_costs;
  std::map<std::string, double> slack_by_task;
};

// Rows of inputs and views where known; tasks that are missing count as unknown.
TaskSchedule schedule_tasks(const Spec& spec, const std::map<std::string, std::int64_t>& rows);

// Base cost of each task.
std::map<std::string, double> task_costs(const Spec& spec,
                                         const std::map<std::string, std::int64_t>& rows);

}  // namespace engine
