// The Parquet field ids of mapped columns: PROTOCOL.md, "Column Mapping".
#pragma once

#include <duckdb.hpp>

#include "delta/schema.h"

namespace duck {

// The value of the Parquet writer's option FIELD_IDS for `schema`: by physical names, the ids that
// its fields carry, however deep.
duckdb::Value field_ids(const delta::Schema& schema);

}  // namespace duck
