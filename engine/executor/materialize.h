// From compiled queries to committed tables.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "engine/compiler/compile.h"
#include "engine/executor/execution_context.h"
#include "engine/executor/lineage.h"
#include "engine/executor/metrics.h"
#include "engine/executor/run_control.h"
#include "engine/executor/run_result.h"
#include "engine/spec/run_warning.h"

namespace engine {

struct Materialization {
  std::vector<MaterializationResult> outputs;  // in the spec's order
  MetricsCollector metrics;
  std::vector<RunWarning> warnings;
};

// Looks at every output's table, then runs every output's query in the schedule's order, each
// shared view once before its first reader, and streams the rows into files. Only when all files
// are there does each table get its version. Anything that fails before removes the files of this
// run and leaves every table as it was: base::Error OUTPUT_MATERIALIZATION_FAILED at
// Stage::kMaterialization with details output, cause (the code beneath) and view when a shared view
// failed. What a table shows to be wrong in the spec (output_refusal.h) is INVALID_SPEC at
// Stage::kValidation, before anything runs, with details output, cause, location and path, the JSON
// path. When a commit fails, tables committed before it keep their new version (details committed);
// the rest stay as they were.
// An output whose rows this very run (lineage.run_id) has appended before, when it was cut
// off, is left alone, with a warning OutputAlreadyWritten. `before_commits` is called when all
// files are there and no table has changed; what it throws ends the run.
Materialization materialize(const CompiledSpec& compiled,
                            const std::map<std::string, std::string>& locations,
                            const LineageContext& lineage, ExecutionContext& context,
                            const RunControl& control,
                            const std::function<void()>& before_commits = {});

// Looks at every output's table as materialize does before its first query, and throws what that
// would; nothing is written.
void check_outputs(const CompiledSpec& compiled,
                   const std::map<std::string, std::string>& locations, ExecutionContext& context);

}  // namespace engine
