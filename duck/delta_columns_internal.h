// The columns of a Delta table as DuckDB's multi-file reader wants them, and a data file's columns
// made to fit: PROTOCOL.md, "Reader Requirements for Column Mapping".
#pragma once

#include <duckdb.hpp>
#include <duckdb/common/multi_file/multi_file_data.hpp>
#include <parquet_reader.hpp>

#include "delta/schema.h"
#include "delta/snapshot.h"

namespace duck {

// The columns of the table at `location` by their logical names; a file that lacks one has NULL
// there. Throws base::Error DELTA_SCHEMA_INVALID where two columns or two fields of a struct have
// names that SQL does not tell apart.
duckdb::vector<duckdb::MultiFileColumnDefinition> table_columns(const delta::Schema& schema,
                                                                const std::string& location);

// Gives those columns of an opened file that are among `columns`, and their fields, the table's
// logical names and, where the same Parquet values can be read as it, the table's types, so that
// DuckDB maps them by name. A column that is not among them gets a name that no column of a table
// has; those that hold row ids and row commit versions get kRowIdInFile and
// kRowCommitVersionInFile. Throws duckdb::InvalidInputException for a variant in other parts than
// it can have.
void align_columns(duckdb::ParquetReader& reader, const delta::Snapshot& snapshot,
                   const delta::Schema& columns);

// Whether align_columns found that a column, or a struct's field, is not among the table's.
bool is_none_of_the_table(const duckdb::MultiFileColumnDefinition& column);

}  // namespace duck
