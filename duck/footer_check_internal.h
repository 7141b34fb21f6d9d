// Whether a data file's footer agrees with itself and with the log. DuckDB's reader takes what a
// footer says: one with a flipped bit may have fewer rows, or a column under another name, which
// would then be read as NULL, as it would be if its name in the table's schema had one. That a file
// only lacks columns of which the log has statistics is no fault: such tables are there, and other
// readers give NULL.
#pragma once

#include <optional>
#include <parquet_reader.hpp>
#include <string>

#include "delta/actions.h"
#include "delta/schema.h"
#include "delta/snapshot.h"

namespace duck {

// What is wrong, in words. `reader` has been aligned with `columns`, those of the table at
// `snapshot`; `stats` are the file's in the log.
std::optional<std::string> footer_fault(const duckdb::ParquetReader& reader,
                                        const delta::Snapshot& snapshot,
                                        const delta::Schema& columns,
                                        const std::optional<std::string>& stats);

}  // namespace duck
