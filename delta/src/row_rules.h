// The rules of a table that rows must meet: constraints, invariants, columns without nulls.
#pragma once

#include "delta/actions.h"

namespace delta {

// Whether rows that met the rules of `before` may fail to meet those of `after`.
bool has_new_row_rule(const Metadata& before, const Metadata& after);

}  // namespace delta
