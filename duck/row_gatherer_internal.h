// One thread's part in writing the rows of a query to files.
#pragma once

#include <cstddef>
#include <duckdb.hpp>
#include <functional>
#include <string>
#include <unordered_map>

#include "duck/gathered_rows_internal.h"
#include "duck/parquet_format_internal.h"
#include "duck/partition_files_internal.h"

namespace duck {

// Gathers row groups, partition by partition, and has them written. Not thread-safe.
class RowGatherer {
 public:
  // All of them outlive it.
  RowGatherer(duckdb::ClientContext& context, WriteFiles& files, const ParquetFormat& format);

  // Takes a copy of rows of the partition of that key, which is `make`'s when it was not met
  // before.
  void add(const std::string& key, const std::function<Partition()>& make, duckdb::DataChunk& rows);
  // Gives up all that is gathered. Rows too few for a row group wait for others, of any thread.
  void hand_over();

 private:
  struct Buffer {
    PartitionFiles& partition;
    GatheredRows rows;
  };

  duckdb::ClientContext& context_;
  WriteFiles& files_;
  const ParquetFormat& format_;
  const std::size_t most_buffers_;
  std::unordered_map<std::string, Buffer> buffers_;
};

}  // namespace duck
