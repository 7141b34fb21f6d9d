// What a run did, for a terminal.
#pragma once

#include <string>
#include <vector>

#include "engine/executor/run_result.h"

namespace apps {

// The outputs as a table (written_tables.h).
std::string outputs_text(const engine::RunResult& result);

// One line a warning: "warning[Code] Stage: message".
std::string warnings_text(const std::vector<engine::RunWarning>& warnings);

}  // namespace apps
