#include "engine/executor/shared_view_lifetimes.h"

#include <algorithm>

namespace engine {
namespace {

void collect_reads(const CompiledSpec& compiled, const std::set<std::string>& shared,
                   const std::string& task, std::set<std::string>& reads) {
  const auto entry = compiled.dependency_map.find(task);
  if (entry == compiled.dependency_map.end()) return;
  for (const std::string& source : entry->second) {
    if (shared.contains(source)) {
      reads.insert(source);
    } else {
      collect_reads(compiled, shared, source, reads);
    }
  }
}

// `view` and all shared views below it.
void collect_needed(const std::map<std::string, std::set<std::string>>& reads,
                    const std::string& view, std::set<std::string>& needed) {
  if (!needed.insert(view).second) return;
  for (const std::string& below : reads.at(view)) collect_needed(reads, below, needed);
}

}  // namespace

std::vector<const CompiledOutput*> outputs_in_order(const CompiledSpec& compiled) {
  const std::vector<std::string>& order = compiled.schedule.execution_order;
  std::vector<const CompiledOutput*> outputs;
  for (const CompiledOutput& output : compiled.outputs) outputs.push_back(&output);
  std::ranges::stable_sort(outputs, {}, [&](const CompiledOutput* output) {
    return std::ranges::find(order, output->target.table_name) - order.begin();
  });
  return outputs;
}

std::map<std::string, std::set<std::string>> reads_of_shared_views(const CompiledSpec& compiled) {
  std::set<std::string> shared;
  for (const SharedView& view : compiled.shared_views) shared.insert(view.name);
  std::map<std::string, std::set<std::string>> reads;
  for (const std::string& view : shared) collect_reads(compiled, shared, view, reads[view]);
  return reads;
}

std::vector<SharedViewSteps> plan_shared_views(const CompiledSpec& compiled,
                                               const std::vector<const CompiledOutput*>& outputs) {
  const auto reads = reads_of_shared_views(compiled);
  std::map<std::string, std::size_t> first_use;
  std::map<std::string, std::size_t> last_use;
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    std::set<std::string> needed;
    for (const std::string& view : outputs[i]->shared_views) collect_needed(reads, view, needed);
    for (const std::string& view : needed) first_use.try_emplace(view, i);
    // What is below a computed view is needed only while that view is computed.
    for (const std::string& view : outputs[i]->shared_views) last_use[view] = i;
  }
  for (const auto& [view, below] : reads) {
    if (!first_use.contains(view)) continue;
    for (const std::string& read : below) {
      last_use[read] = std::max(last_use[read], first_use[view]);
    }
  }
  std::vector<SharedViewSteps> steps(outputs.size());
  for (const SharedView& view : compiled.shared_views) {
    if (!first_use.contains(view.name)) continue;
    steps[first_use[view.name]].compute.push_back(&view);
    steps[last_use[view.name]].drop.push_back(&view);
  }
  return steps;
}

}  // namespace engine
