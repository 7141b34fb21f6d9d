// A view's declared columns against those that it has.
#pragma once

#include "engine/compiler/lowering.h"

namespace engine {

// Fails for a declared column that is missing, a type name that is none, and a type that the
// column's values cannot be cast to; warns of a type that differs otherwise.
void check_output_schema(const ViewDefinition& view, const Columns& columns,
                         const Lowering& lowering);

}  // namespace engine
