// The partitions that the rows of one write go to, and the files that are being filled.
#pragma once

#include <cstddef>
#include <deque>
#include <duckdb.hpp>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

#include "duck/data_files_internal.h"
#include "duck/gathered_rows_internal.h"
#include "duck/parquet_format_internal.h"
#include "duck/rolling_file_internal.h"
#include "duck/waiting_rows_internal.h"
#include "duck/writer_thread_internal.h"

namespace duck {

// One partition of a write.
struct PartitionFiles {
  explicit PartitionFiles(Partition values) : partition(std::move(values)) {}

  const Partition partition;
  WaitingRows waiting;

  // For WriteFiles alone, which guards them.
  std::unordered_map<std::thread::id, RollingFile*> of_threads;
  RollingFile* shared = nullptr;
};

struct WriteFilesOptions {
  std::size_t threads = 1;
  // Beside those that are being written to. Beyond, the file that was not written to for the
  // longest time is finished.
  std::size_t most_open = 1;
  // No thread gets files of its own.
  bool share_files = false;
};

// All files of one write, each of which one thread writes. Beside each of several threads that
// begin files stands one that writes these, so that the next row group can be gathered meanwhile.
// Thread-safe.
class WriteFiles {
 public:
  // `files` and `format` outlive it.
  WriteFiles(DataFiles& files, const ParquetFormat& format, WriteFilesOptions options);

  // The partition of that key, which is `make`'s when it was not met before.
  PartitionFiles& partition(const std::string& key, const std::function<Partition()>& make);

  // Has a row group written to a file of the calling thread. Where one for each thread in each
  // partition met so far would be more than can be open, to one that threads share.
  void write(duckdb::ClientContext& context, PartitionFiles& partition, GatheredRows rows,
             bool is_whole);

  // Writes the rows that wait to files that are open, if there are, and finishes all files. No
  // thread may be writing any more.
  void finish(duckdb::ClientContext& context);

 private:
  RollingFile& new_file(const PartitionFiles& partition);
  RollingFile& file_of_this_thread(PartitionFiles& partition);
  RollingFile& file_of_rest(PartitionFiles& partition);
  void used(duckdb::ClientContext& context, RollingFile& file);

  DataFiles& files_;
  const ParquetFormat& format_;
  const WriteFilesOptions options_;
  std::mutex mutex_;
  std::unordered_map<std::string, PartitionFiles> partitions_;
  std::deque<RollingFile> rolling_;
  std::vector<RollingFile*> open_;  // those used last come last
  // By the thread that has row groups. The last member: they come to an end first.
  std::unordered_map<std::thread::id, WriterThread> writers_;
};

}  // namespace duck
