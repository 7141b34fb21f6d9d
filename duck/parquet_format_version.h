// Which data pages a table wants in its files.
#pragma once

#include "delta/actions.h"

namespace duck {

// Throws base::Error DELTA_PROPERTY_INVALID when the table property delta.parquet.format.version is
// neither 1.0.0 nor 2.MINOR.PATCH (PROTOCOL.md, "Table Properties"). Files have data pages of the
// first version whichever of them it is: DuckDB writes no others, and every reader reads them.
void check_parquet_format_version(const delta::Metadata& metadata);

}  // namespace duck
