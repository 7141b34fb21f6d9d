// Rows too few for a row group, of any thread.
#pragma once

#include <duckdb.hpp>
#include <mutex>

#include "duck/gathered_rows_internal.h"
#include "duck/parquet_format_internal.h"

namespace duck {

// Rows of one partition that wait for others. Thread-safe.
class WaitingRows {
 public:
  // Takes `more`, which are some. Gives back those that waited when all together may be more than a
  // row group.
  GatheredRows add(const ParquetFormat& format, GatheredRows more);
  // Takes a copy of the rows of `more`. Gives all back when they are a row group.
  GatheredRows add(duckdb::ClientContext& context, const ParquetFormat& format,
                   duckdb::DataChunk& more);
  // All that wait.
  GatheredRows take();

 private:
  std::mutex mutex_;
  GatheredRows waiting_;
};

}  // namespace duck
