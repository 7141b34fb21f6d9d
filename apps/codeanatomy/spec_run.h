// Running a spec from the command line, as `run` and `build` do.
#pragma once

#include <stop_token>
#include <string>

#include "apps/codeanatomy/progress_display.h"
#include "apps/codeanatomy/session_options.h"
#include "engine/executor/run_journal.h"
#include "engine/executor/run_result.h"
#include "engine/spec/spec.h"

namespace apps {

struct FinishedRun {
  engine::RunResult result;
  engine::RunJournal journal;  // to be closed when everything is reported
};

// Validates and runs, with progress on standard error.
FinishedRun run_spec(const engine::Spec& spec, const SessionOptions& session, ProgressMode progress,
                     const std::stop_token& stop);

// The table of outputs on standard output and the warnings on standard error. With a result file
// the RunResult goes there as JSON; when that is "-", the table goes to standard error.
// Then the run is over.
void report_run(FinishedRun& run, const std::string& result_file);

}  // namespace apps
