// What DuckDB's readers change silently about a file's columns is found before the file is read.
#pragma once

#include <string>

#include "apps/codeanatomy/source_file.h"
#include "duck/database.h"

namespace apps {

// Throws when rows_query(file) gives other columns than the file has. DELTA_SCHEMA_INVALID: two
// columns, or two fields of a struct, have one name whatever its case, of which DuckDB renames one.
// DELTA_SCHEMA_MISMATCH: a Parquet column holds decimals of more than 38 digits or UTC times in
// nanoseconds, which DuckDB reads as other values. Also the errors of binding the query. `location`
// is the table that the rows are for.
void check_columns(duck::Connection& connection, const SourceFile& file,
                   const std::string& location);

}  // namespace apps
