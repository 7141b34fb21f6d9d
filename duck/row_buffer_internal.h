// Rows on their way to a row group.
#pragma once

#include <duckdb.hpp>

#include "duck/null_counts_internal.h"
#include "duck/parquet_format_internal.h"

namespace duck {

// `rows` is null when there are none.
struct GatheredRows {
  duckdb::unique_ptr<duckdb::ColumnDataCollection> rows;
  NullCounts null_counts;
};

// What one thread gathers for a row group. DuckDB moves it to disk when memory is short. Not
// thread-safe.
class RowBuffer {
 public:
  // `context` and `format` outlive it.
  RowBuffer(duckdb::ClientContext& context, const ParquetFormat& format)
      : context_(context), format_(format) {}

  // Takes a copy of the rows. True when those of the buffer are a row group now.
  bool add(duckdb::DataChunk& chunk);
  // The rows; the buffer is empty then.
  GatheredRows take();

 private:
  duckdb::ClientContext& context_;
  const ParquetFormat& format_;
  GatheredRows gathered_;
};

}  // namespace duck
