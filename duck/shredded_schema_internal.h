// How a data file stores variants: Parquet's "Variant Shredding".
#pragma once

#include <parquet_reader.hpp>

namespace duck {

// The struct that has these columns of a file.
duckdb::LogicalType struct_of(const duckdb::vector<duckdb::ParquetColumnSchema>& parts);

// Whether the column, a variant of the table, is stored in other parts than a value and metadata.
bool is_shredded_variant(const duckdb::ParquetColumnSchema& column);

// Gives such a column the type that it is stored as, with all its names as in `footer`: DuckDB
// changes those that only case tells apart. Throws duckdb::InvalidInputException for what is no
// shredded variant, or has a type of which values would be lost.
void settle_shredded_variant(duckdb::ParquetColumnSchema& column,
                             const duckdb_parquet::FileMetaData& footer);

}  // namespace duck
