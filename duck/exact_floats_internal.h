// Floating-point columns of Parquet files that come back bit for bit.
#pragma once

#include <duckdb.hpp>
#include <duckdb/function/copy_function.hpp>

namespace duck {

// Has a file of DuckDB's Parquet writer, of which nothing is written yet, keep floating-point
// values as they are. By itself the writer takes 0.0 and -0.0 for one entry of a dictionary, and
// all NaN for one, so that the first of them is written for the others; and it makes Bloom filters
// of the bits, by which a reader that looks for 0.0 would leave out row groups with -0.0. Such
// columns get dictionaries by the bits, and no Bloom filters.
void write_floats_exactly(duckdb::GlobalFunctionData& parquet_file);

}  // namespace duck
