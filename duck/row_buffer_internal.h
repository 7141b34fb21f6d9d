// Rows on their way to a row group.
#pragma once

#include <duckdb.hpp>
#include <duckdb/function/copy_function.hpp>

#include "duck/null_counts_internal.h"
#include "duck/parquet_format_internal.h"
#include "duck/rolling_file_internal.h"

namespace duck {

// What one thread gathers for one row group after the other. Not thread-safe.
class RowBuffer {
 public:
  RowBuffer(duckdb::ExecutionContext& context, const ParquetFormat& format);

  // Takes a copy of the rows. True when those of the buffer are a row group now.
  bool add(duckdb::DataChunk& chunk);
  // Writes the rows as one row group; the buffer is empty then. `is_whole` as for RollingFile.
  void write_to(RollingFile& file, duckdb::ClientContext& context, bool is_whole);
  // Half a row group or more: rows that need not wait for others.
  bool is_half_full() const;

  duckdb::ColumnDataCollection& rows() const;
  const NullCounts& null_counts() const { return null_counts_; }

 private:
  const ParquetFormat* format_;
  duckdb::unique_ptr<duckdb::LocalFunctionData> local_;  // of DuckDB's Parquet writer
  NullCounts null_counts_;                               // of those rows
};

}  // namespace duck
