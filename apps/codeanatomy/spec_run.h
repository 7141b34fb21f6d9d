// Running a spec from the command line, as `run` and `build` do.
#pragma once

#include <stop_token>
#include <string>

#include "apps/codeanatomy/progress_display.h"
#include "apps/codeanatomy/session_options.h"
#include "engine/executor/run_result.h"
#include "engine/spec/spec.h"

namespace apps {

// Validates and runs, with progress on standard error.
engine::RunResult run_spec(const engine::Spec& spec, const SessionOptions& session,
                           ProgressMode progress, const std::stop_token& stop);

// The table of outputs on standard output and the warnings on standard error. With a result file
// the RunResult goes there as JSON; when that is "-", the table goes to standard error.
void report_run(const engine::RunResult& result, const std::string& result_file);

}  // namespace apps
