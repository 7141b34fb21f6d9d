// The partitions that the rows of one write go to, and the files that are being filled.
#pragma once

#include <cstddef>
#include <deque>
#include <duckdb.hpp>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "duck/data_files_internal.h"
#include "duck/null_counts_internal.h"
#include "duck/parquet_format_internal.h"
#include "duck/rolling_file_internal.h"
#include "duck/row_buffer_internal.h"

namespace duck {

// Rows of several threads. `rows` is null when there are none.
struct GatheredRows {
  duckdb::unique_ptr<duckdb::ColumnDataCollection> rows;
  NullCounts null_counts;
};

// One partition. Thread-safe.
class PartitionFiles {
 public:
  explicit PartitionFiles(Partition partition) : partition_(std::move(partition)) {}

  const Partition& partition() const { return partition_; }

  // Takes rows that are too few for a row group, to which others may come; DuckDB moves them to
  // disk when memory is short. Gives those back that waited when all together would be more than a
  // row group.
  GatheredRows gather(duckdb::ClientContext& context, const ParquetFormat& format,
                      RowBuffer& buffer);
  // What waits.
  GatheredRows take_gathered();

 private:
  friend class WriteFiles;

  const Partition partition_;
  std::mutex mutex_;
  GatheredRows gathered_;
  RollingFile* shared_ = nullptr;  // WriteFiles' mutex guards it
};

// All files of one write. Thread-safe.
class WriteFiles {
 public:
  // `files` and `format` outlive it. With `share_files` no thread gets files of its own.
  WriteFiles(DataFiles& files, const ParquetFormat& format, std::size_t threads, bool share_files);

  // The partition of that key, which is `make`'s when it was not met before.
  PartitionFiles& partition(const std::string& key, const std::function<Partition()>& make);

  // Files of the partition for the one thread that asks. Null when it is to use those that threads
  // share: one for each thread in each partition would be more than can be open, and small.
  RollingFile* own_file(PartitionFiles& partition);
  // The files that threads share.
  RollingFile& shared_file(PartitionFiles& partition);
  // To be told after `file` was written to. Finishes another one when too many are open.
  void written(duckdb::ClientContext& context, RollingFile& file);

  // Writes the rows that wait, and finishes all files. No thread may be writing any more.
  void finish(duckdb::ClientContext& context);

 private:
  DataFiles& files_;
  const ParquetFormat& format_;
  const std::size_t threads_;
  const bool share_files_;
  std::mutex mutex_;
  std::unordered_map<std::string, std::unique_ptr<PartitionFiles>> partitions_;
  std::deque<RollingFile> rolling_;
  std::vector<RollingFile*> open_;  // those last written to come last
};

}  // namespace duck
