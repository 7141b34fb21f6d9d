// Data files of one partition, one after another.
#pragma once

#include <atomic>
#include <cstddef>
#include <duckdb.hpp>
#include <memory>
#include <mutex>

#include "duck/data_files_internal.h"
#include "duck/parquet_format_internal.h"
#include "duck/row_buffer_internal.h"

namespace duck {

// The current one of these files; a new one begins when it has the size aimed at. Thread-safe: row
// groups of several threads are encoded side by side.
class RollingFile {
 public:
  // `files`, `format` and `partition` outlive it.
  RollingFile(DataFiles& files, const ParquetFormat& format, const Partition& partition);

  // Writes a row group: a whole one, or what is left at an end.
  void write_row_group(duckdb::ClientContext& context, GatheredRows rows, bool is_whole);
  // Finishes the current file, if there is one and nobody is writing to it.
  void close(duckdb::ClientContext& context);

  bool is_open() const { return open_; }

 private:
  struct Current {
    std::unique_ptr<OpenDataFile> file;
    int users = 0;
    bool retired = false;
  };

  // The file to write `rows` to, which come next.
  std::shared_ptr<Current> acquire(duckdb::ClientContext& context, const GatheredRows& rows,
                                   bool is_whole);
  void release(duckdb::ClientContext& context, const std::shared_ptr<Current>& current);
  void choose_dictionary_limit(const duckdb::ColumnDataCollection& rows);
  bool is_full(const OpenDataFile& file) const;

  DataFiles& files_;
  const ParquetFormat& format_;
  const Partition& partition_;
  std::mutex mutex_;
  std::shared_ptr<Current> current_;
  std::atomic<bool> open_ = false;
  std::size_t row_groups_ = 0;
  ParquetFormat::DictionaryLimit dictionary_limit_;
};

}  // namespace duck
