// Settings of a spec that this engine takes and does nothing with.
#pragma once

#include <vector>

#include "engine/spec/run_warning.h"
#include "engine/spec/spec.h"

namespace engine {

// One warning for each field of `runtime`, `cache_policy` and `rule_overlay` that is not at its
// default and has no effect here, with context path ("$.runtime.tuner_mode") and value (as JSON).
// Where the contract has a code for what is missing (captures), it is that; else
// RuntimeSettingIgnored.
std::vector<RunWarning> ignored_settings(const Spec& spec);

}  // namespace engine
