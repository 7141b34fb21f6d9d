// Columns whose type became a wider one: PROTOCOL.md, "Type Widening".
#pragma once

#include "delta/schema.h"

namespace delta {

// Whether the protocol lets a column's type change so, without rewriting its files.
bool is_widening(const DataType& from, const DataType& to);

// Throws base::Error DELTA_UNSUPPORTED_FEATURE (details["feature"] is typeWidening) for a column
// whose history, in delta.typeChanges, has a change that is no widening.
void check_type_changes(const Schema& schema);

}  // namespace delta
