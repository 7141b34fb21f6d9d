// The report of a finished run.
#pragma once

#include <string>
#include <string_view>

namespace engine {

// A RunResult, given as its JSON text (contract/results.md), as one HTML page that needs nothing
// else: no script, no network. The page has the outputs, warnings, maintenance, where the time
// went, the schedule with its critical path, the three hashes that a replay must meet, and the
// plans, when they were captured. Throws base::Error RESULT_INVALID at Stage::kValidation
// (details path) for text that is no RunResult.
std::string html_report(std::string_view run_result);

}  // namespace engine
