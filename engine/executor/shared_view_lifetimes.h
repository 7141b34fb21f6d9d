// When a run computes its shared views, and when it lets them go.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "engine/compiler/compile.h"

namespace engine {

// The outputs in the order of the schedule.
std::vector<const CompiledOutput*> outputs_in_order(const CompiledSpec& compiled);

// For each shared view the shared views that its query reads.
std::map<std::string, std::set<std::string>> reads_of_shared_views(const CompiledSpec& compiled);

// For each output, in the given order: the shared views to compute just before it (in an order in
// which each comes after those that it reads) and those that nobody reads any more after it.
struct SharedViewSteps {
  std::vector<const SharedView*> compute;
  std::vector<const SharedView*> drop;
};
std::vector<SharedViewSteps> plan_shared_views(const CompiledSpec& compiled,
                                               const std::vector<const CompiledOutput*>& outputs);

}  // namespace engine
