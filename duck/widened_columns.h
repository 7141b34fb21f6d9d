// Columns that become wider, and the expressions of the table that rest on them.
#pragma once

#include <string>
#include <vector>

#include "delta/actions.h"
#include "delta/schema_merge.h"

namespace duck {

// As Spark does, refuses to widen what a CHECK constraint or a generated column of the table rests
// on: base::Error DELTA_SCHEMA_MISMATCH naming both. `schema` is that of `metadata`; its
// expressions must be ones that table_rules.h takes.
void check_widened_columns(const std::string& location, const delta::Schema& schema,
                           const delta::Metadata& metadata,
                           const std::vector<delta::WidenedType>& widened);

}  // namespace duck
