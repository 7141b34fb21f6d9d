// Running a spec from the command line, as `run` and `build` do.
#pragma once

#include <stop_token>
#include <string>
#include <vector>

#include "apps/codeanatomy/progress_display.h"
#include "apps/codeanatomy/session_options.h"
#include "apps/codeanatomy/written_files.h"
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

// Files that a run is written to; an empty name for none.
struct RunFiles {
  std::string result;  // the RunResult as JSON; "-" is standard output
  std::string report;  // the report as HTML

  // Throws FILE_NOT_WRITABLE when one of them cannot be written, USAGE when it would be written
  // over the other or over one that is read (written_files.h).
  void check(const std::vector<NamedFile>& read = {}) const;
};

// The table of outputs on standard output and the warnings on standard error; when the RunResult
// goes to standard output, the table goes to standard error. Then the run is over.
void report_run(FinishedRun& run, const RunFiles& files);

}  // namespace apps
