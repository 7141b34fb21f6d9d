// Data files of one partition, one after another.
#pragma once

#include <atomic>
#include <cstddef>
#include <duckdb.hpp>
#include <functional>
#include <memory>
#include <mutex>

#include "duck/data_files_internal.h"
#include "duck/gathered_rows_internal.h"
#include "duck/parquet_format_internal.h"
#include "duck/writer_thread_internal.h"

namespace duck {

// The current one of these files; a new one begins when it has the size aimed at. Thread-safe: row
// groups of several threads are encoded side by side, and one thread writes them.
class RollingFile {
 public:
  // `files`, `format` and `partition` outlive it. So does `writer`, which writes and finishes the
  // files, and tells by its next call what fails; null: the threads that call.
  RollingFile(DataFiles& files, const ParquetFormat& format, const Partition& partition,
              WriterThread* writer);

  // Encodes a row group, a whole one or what is left at an end, and has it written.
  void write_row_group(duckdb::ClientContext& context, GatheredRows rows, bool is_whole);
  // Has the current file finished, if there is one, when all is written to it.
  void close(duckdb::ClientContext& context);
  // The same, unless row groups are being written to it.
  void close_unless_used(duckdb::ClientContext& context);

  bool is_open() const { return open_; }

 private:
  struct Current {
    std::unique_ptr<OpenDataFile> file;
    int users = 0;
    bool retired = false;
  };
  using Full = std::shared_ptr<OpenDataFile>;  // null: nothing to finish

  // The file to write `rows` to, which come next.
  std::shared_ptr<Current> acquire(duckdb::ClientContext& context, const GatheredRows& rows,
                                   bool is_whole);
  void release(duckdb::ClientContext& context, const std::shared_ptr<Current>& current);
  Full retire();
  void finish(duckdb::ClientContext& context, Full file);
  void run(std::function<void()> work);
  void choose_dictionary_limit(const duckdb::ColumnDataCollection& rows);
  bool is_full(const OpenDataFile& file) const;

  DataFiles& files_;
  const ParquetFormat& format_;
  const Partition& partition_;
  WriterThread* const writer_;
  std::mutex mutex_;
  std::shared_ptr<Current> current_;
  std::atomic<bool> open_ = false;
  std::size_t row_groups_ = 0;
  ParquetFormat::DictionaryLimit dictionary_limit_;
};

}  // namespace duck
