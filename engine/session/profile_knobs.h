// The knobs of a runtime profile that concern DuckDB's optimizer, and those that it lacks.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "engine/spec/run_warning.h"
#include "engine/spec/spec.h"

namespace engine {

// DuckDB optimizers that the profile does without.
std::set<std::string> optimizers_switched_off(const RuntimeProfile& profile);

// One warning for each knob without counterpart that differs from its neutral value, in the
// contract's order.
std::vector<RunWarning> ignored_knobs(const RuntimeProfile& profile);

}  // namespace engine
