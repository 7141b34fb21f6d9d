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
// groups of several threads are encoded side by side. One thread may write them all.
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
  // The same, unless a row group is being encoded for it.
  void close_unless_used(duckdb::ClientContext& context);

  bool is_open() const { return open_; }

 private:
  struct Current {
    std::unique_ptr<OpenDataFile> file;
    int encoding = 0;                // row groups that are being encoded
    int unwritten = 0;               // these, and those that are not written
    duckdb::idx_t written_from = 0;  // what the rows of the others took up in memory
    bool retired = false;            // it takes no more row groups
  };
  // Null: nothing to finish. Shared, as what is to be done must be copyable.
  using Retired = std::shared_ptr<OpenDataFile>;

  // The file to write `rows` to, which come next.
  std::shared_ptr<Current> acquire(duckdb::ClientContext& context, const GatheredRows& rows,
                                   duckdb::idx_t rows_bytes, bool is_whole);
  void after_encoding(Current& current);
  void after_writing(duckdb::ClientContext& context, Current& current, duckdb::idx_t rows_bytes);
  void close(duckdb::ClientContext& context, bool even_if_used);
  Retired retire();
  void finish(duckdb::ClientContext& context, Retired file);
  void have_done(std::function<void()> work);
  void choose_dictionary_limit(const duckdb::ColumnDataCollection& rows);
  bool is_full(const Current& current) const;

  DataFiles& files_;
  const ParquetFormat& format_;
  const Partition& partition_;
  WriterThread* const writer_;
  std::mutex mutex_;
  std::shared_ptr<Current> current_;
  std::atomic<bool> open_ = false;
  duckdb::idx_t written_bytes_ = 0;  // of all files
  duckdb::idx_t written_from_ = 0;   // what their rows took up in memory
  std::size_t row_groups_ = 0;
  ParquetFormat::DictionaryLimit dictionary_limit_;
};

}  // namespace duck
