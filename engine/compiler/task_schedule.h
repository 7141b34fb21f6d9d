// The order and the cost of a run's tasks: contract/results.md, "TaskSchedule".
#pragma once

#include <cstdint>
#include <map>
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

// Tasks are the inputs, views and outputs that a run reads, computes and writes. Rows of inputs and
// views are given where known; an output has its view's.
TaskSchedule schedule_tasks(const Spec& spec, const std::map<std::string, std::int64_t>& rows);

// The cost of each task.
std::map<std::string, double> task_costs(const Spec& spec,
                                         const std::map<std::string, std::int64_t>& rows);

// Task → the tasks that it reads, sorted.
std::map<std::string, std::vector<std::string>> task_dependencies(const Spec& spec);

// An output's task: its table name. An output named as its view is one task with it, which costs
// both; named as another view or input, it is "<table name> (output)".
std::string output_task(const Spec& spec, const OutputTarget& output);

}  // namespace engine
