// Opening a spec's inputs and making them readable by name.
#pragma once

#include <vector>

#include "duck/database.h"
#include "engine/providers/table_registration.h"
#include "engine/spec/run_warning.h"
#include "engine/spec/spec.h"

namespace engine {

struct RegisteredInputs {
  std::vector<TableRegistration> tables;  // by name
  std::vector<RunWarning> warnings;
};

// Opens every input at its pinned version (else the latest) and registers it in `database` under
// its logical name, in name order. Relative locations are relative to the current directory.
// Throws base::Error PREPARE_EXECUTION_CONTEXT_FAILED with details input, location and cause (the
// Delta library's code): at Stage::kValidation when there is no such table or version or the
// location is none, at Stage::kRuntime when the table cannot be read.
// Column mapping and preview features come as DeltaCompatibilityDrift: other readers of the table
// may lack them.
RegisteredInputs register_inputs(const std::vector<InputRelation>& inputs,
                                 duck::Database& database);

}  // namespace engine
