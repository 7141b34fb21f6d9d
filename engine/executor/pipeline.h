// A run from its spec to its RunResult: the seed's stages in their order.
#pragma once

#include <vector>

#include "engine/executor/execution_context.h"
#include "engine/executor/run_control.h"
#include "engine/executor/run_result.h"
#include "engine/spec/spec.h"

namespace engine {

// Compiles, executes and materializes, collects metrics, maintains. The context comes from
// prepare_execution_context for the same spec and is used up, but for its journal: who calls closes
// it when the result is in safe hands, or else the next run of the spec on these inputs appends
// nothing. Throws base::Error: INVALID_SPEC and VIEW_LOWERING_FAILED of the compiler,
// OUTPUT_MATERIALIZATION_FAILED, INTERRUPTED.
RunResult run_pipeline(const Spec& spec, ExecutionContext& context, const RunControl& control);

// The spec as run_pipeline compiles it; throws what that would. Runs nothing.
CompiledSpec compile_for_run(const Spec& spec, ExecutionContext& context);

// All checks of a run, those of the sources and of the outputs' places and tables included: what
// run_pipeline would throw before its first query. Runs and writes nothing.
CompiledSpec check_run(const Spec& spec, ExecutionContext& context);

// By how many of the inputs' row counts are known from statistics: all, some, none.
StatsQuality stats_quality(const std::vector<TableRegistration>& tables);

}  // namespace engine
