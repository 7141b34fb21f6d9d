// One thread's part in writing the rows of a query to files.
#pragma once

#include <cstddef>
#include <duckdb.hpp>
#include <string>
#include <unordered_map>

#include "duck/parquet_format_internal.h"
#include "duck/partition_files_internal.h"
#include "duck/row_buffer_internal.h"

namespace duck {

// Gathers row groups and writes them, to files that no other thread writes to as far as WriteFiles
// gives such. Not thread-safe.
class ThreadWriter {
 public:
  // What is gathered for one partition.
  struct Buffer {
    PartitionFiles& partition;
    RowBuffer rows;
  };

  // `files` and `format` outlive it.
  ThreadWriter(WriteFiles& files, const ParquetFormat& format) : files_(files), format_(format) {}

  // The buffer of the partition of that key, if there is one.
  Buffer* find(const std::string& key);
  Buffer& begin(duckdb::ExecutionContext& context, const std::string& key,
                PartitionFiles& partition);
  std::size_t buffers() const { return buffers_.size(); }

  void add(duckdb::ExecutionContext& context, Buffer& buffer, duckdb::DataChunk& chunk);
  // Gives all buffers up. Rows too few for a row group wait for those that come later, of any
  // thread.
  void hand_over(duckdb::ClientContext& context);
  // The last call: finishes the thread's own files.
  void finish(duckdb::ClientContext& context);

 private:
  void hand_over(duckdb::ClientContext& context, Buffer& buffer, bool is_last);
  // Where the thread's row groups of that partition go.
  RollingFile& file_of(PartitionFiles& partition);
  bool has_open_file(PartitionFiles& partition) const;

  WriteFiles& files_;
  const ParquetFormat& format_;
  std::unordered_map<std::string, Buffer> buffers_;
  std::unordered_map<PartitionFiles*, RollingFile*> own_files_;
};

}  // namespace duck
