// Rows too few for a row group, of any thread.
#pragma once

#include <duckdb.hpp>
#include <mutex>

#include "duck/parquet_format_internal.h"
#include "duck/row_buffer_internal.h"

namespace duck {

// Rows of one partition that wait for others; DuckDB moves them to disk when memory is short.
// Thread-safe.
class WaitingRows {
 public:
  // Takes `more`, which are some. Gives back those that waited when all together would be more than
  // a row group.
  GatheredRows add(const ParquetFormat& format, GatheredRows more);
  // The same for a copy of the rows of `more`.
  GatheredRows add(duckdb::ClientContext& context, const ParquetFormat& format,
                   duckdb::DataChunk& more);
  // All that wait.
  GatheredRows take();

 private:
  std::mutex mutex_;
  GatheredRows waiting_;
};

}  // namespace duck
