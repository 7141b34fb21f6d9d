// What is done to the written tables after a run: contract/spec-v4.md, "maintenance".
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "duck/database.h"
#include "engine/executor/run_control.h"
#include "engine/executor/run_result.h"
#include "engine/spec/spec.h"

namespace engine {

struct Maintenance {
  std::vector<MaintenanceReport> reports;  // by table in the outputs' order, in the order done
  std::vector<RunWarning> warnings;        // MaintenanceFailed, one for each table that failed
};

// Maintains the tables of `outputs` that `schedule` names, each in this order: compact, checkpoint,
// vacuum, metadata cleanup, constraints. So a table can be restored after each step: the files that
// a compaction leaves behind are removed only when a checkpoint names those that took their place.
// Therefore a step that fails ends the maintenance of its table; the steps after it are reported as
// not done. Nothing is thrown: what fails is in the reports and warnings.
//
// With require_table_quiescence a table is left alone as soon as another writer has committed after
// the run, or between two of the operations. A request to stop ends the maintenance at the next
// step, or within a compaction.
Maintenance maintain(const MaintenanceSchedule& schedule,
                     const std::vector<MaterializationResult>& outputs, duck::Database& database,
                     const RunControl& control);

}  // namespace engine
