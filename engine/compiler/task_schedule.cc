#include "engine/compiler/task_schedule.h"

#include <algorithm>
#include <set>

#include "engine/compiler/view_graph.h"

namespace engine {
namespace {

constexpr double kScanCost = 2.0;
constexpr double kViewCost = 1.0;
constexpr double kOutputCost = 1.0;
constexpr double kRowsAUnit = 1000.0;

struct Task {
  double cost = 0;
  std::set<std::string> reads;
};
using Tasks = std::map<std::string, Task>;

double scaled(double base, const std::string& name,
              const std::map<std::string, std::int64_t>& rows) {
  const auto found = rows.find(name);
  if (found == rows.end()) return base;
  return base * std::max(static_cast<double>(found->second) / kRowsAUnit, 1.0);
}

Tasks tasks_of(const Spec& spec, const std::map<std::string, std::int64_t>& rows) {
  const ViewGraph graph(spec);
  Tasks tasks;
  for (const auto& input : spec.input_relations) {
    if (!graph.is_live_input(input.logical_name)) continue;
    tasks[input.logical_name].cost = scaled(kScanCost, input.logical_name, rows);
  }
  for (const auto* view : graph.order()) {
    if (!graph.is_live(view->name)) continue;
    const auto sources = sources_of(view->transform);
    tasks[view->name] = {.cost = scaled(kViewCost, view->name, rows),
                         .reads = {sources.begin(), sources.end()}};
  }
  for (const auto& output : spec.output_targets) {
    const auto cost = scaled(kOutputCost, output.source_view, rows);
    const auto name = output_task(spec, output);
    auto& task = tasks[name];
    task.cost += cost;
    if (name != output.source_view) task.reads.insert(output.source_view);
  }
  return tasks;
}

// Tasks that read a task.
std::map<std::string, std::vector<std::string>> readers_of(const Tasks& tasks) {
  std::map<std::string, std::vector<std::string>> readers;
  for (const auto& [name, task] : tasks) {
    for (const auto& read : task.reads) readers[read].push_back(name);
  }
  return readers;
}

class Scheduler {
 public:
  explicit Scheduler(const Tasks& tasks) : tasks_(tasks), readers_(readers_of(tasks)) {}

  TaskSchedule run() {
    const auto order = topological_order();
    for (auto name = order.rbegin(); name != order.rend(); ++name) add_bottom_level(*name);
    for (const auto& name : order) add_start(name);
    find_critical_path();
    for (const auto& [name, level] : schedule_.bottom_level_costs) {
      schedule_.slack_by_task[name] = schedule_.critical_path_length - starts_[name] - level;
    }
    order_tasks();
    return std::move(schedule_);
  }

 private:
  // Gives each task to `visit` once all that it reads have been given; of those that are ready,
  // the one that `before` puts first.
  template <class Before, class Visit>
  void walk(Before before, Visit visit) const {
    std::map<std::string, std::size_t> waiting_for;
    std::set<std::string, Before> ready(before);
    for (const auto& [name, task] : tasks_) {
      waiting_for[name] = task.reads.size();
      if (task.reads.empty()) ready.insert(name);
    }
    while (!ready.empty()) {
      const auto name = ready.extract(ready.begin()).value();
      visit(name);
      for (const auto& reader : readers(name)) {
        if (--waiting_for[reader] == 0) ready.insert(reader);
      }
    }
  }

  std::vector<std::string> topological_order() const {
    std::vector<std::string> order;
    walk(std::less<std::string>(), [&](const std::string& name) { order.push_back(name); });
    return order;
  }

  const std::vector<std::string>& readers(const std::string& name) const {
    static const std::vector<std::string> none;
    const auto found = readers_.find(name);
    return found == readers_.end() ? none : found->second;
  }

  double level(const std::string& name) const { return schedule_.bottom_level_costs.at(name); }

  // The longer way to the end first, ties by name.
  auto by_level() const {
    return [this](const std::string& left, const std::string& right) {
      return level(left) != level(right) ? level(left) > level(right) : left < right;
    };
  }

  void add_bottom_level(const std::string& name) {
    double downstream = 0;
    for (const auto& reader : readers(name)) downstream = std::max(downstream, level(reader));
    schedule_.bottom_level_costs[name] = tasks_.at(name).cost + downstream;
  }

  // When a task can start at the earliest.
  void add_start(const std::string& name) {
    double start = 0;
    for (const auto& read : tasks_.at(name).reads) {
      start = std::max(start, starts_[read] + tasks_.at(read).cost);
    }
    starts_[name] = start;
  }

  void find_critical_path() {
    std::vector<std::string> candidates;
    for (const auto& [name, task] : tasks_) {
      if (task.reads.empty()) candidates.push_back(name);
    }
    while (!candidates.empty()) {
      const auto next = *std::ranges::min_element(candidates, by_level());
      if (schedule_.critical_path.empty()) schedule_.critical_path_length = level(next);
      schedule_.critical_path.push_back(next);
      candidates = readers(next);
    }
  }

  void order_tasks() {
    walk(by_level(), [&](const std::string& name) { schedule_.execution_order.push_back(name); });
  }

  const Tasks& tasks_;
  std::map<std::string, std::vector<std::string>> readers_;
  std::map<std::string, double> starts_;
  TaskSchedule schedule_;
};

}  // namespace

std::string output_task(const Spec& spec, const OutputTarget& output) {
  const auto& name = output.table_name;
  if (name == output.source_view) return name;
  const bool is_taken = spec.find_view(name) != nullptr || spec.find_input(name) != nullptr;
  return is_taken ? name + " (output)" : name;
}

TaskSchedule schedule_tasks(const Spec& spec, const std::map<std::string, std::int64_t>& rows) {
  const auto tasks = tasks_of(spec, rows);
  return Scheduler(tasks).run();
}

std::map<std::string, double> task_costs(const Spec& spec,
                                         const std::map<std::string, std::int64_t>& rows) {
  std::map<std::string, double> costs;
  for (const auto& [name, task] : tasks_of(spec, rows)) costs[name] = task.cost;
  return costs;
}

std::map<std::string, std::vector<std::string>> task_dependencies(const Spec& spec) {
  std::map<std::string, std::vector<std::string>> dependencies;
  for (const auto& [name, task] : tasks_of(spec, {})) {
    dependencies[name] = {task.reads.begin(), task.reads.end()};
  }
  return dependencies;
}

}  // namespace engine
