// Rows on their way to a row group.
#pragma once

#include <duckdb.hpp>

#include "duck/null_counts_internal.h"
#include "duck/parquet_format_internal.h"

namespace duck {

// DuckDB moves them to disk when memory is short. Not thread-safe.
struct GatheredRows {
  duckdb::unique_ptr<duckdb::ColumnDataCollection> rows;  // null when there are none
  NullCounts null_counts;                                 // of format.uncounted_columns()

  // Adds a copy of the rows of `chunk`.
  void append(duckdb::ClientContext& context, const ParquetFormat& format,
              duckdb::DataChunk& chunk);
  // Adds the rows of `more`; there are some in both.
  void append(const ParquetFormat& format, GatheredRows more);
};

}  // namespace duck
