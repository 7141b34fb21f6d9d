// The data files of one partition, one after another.
#pragma once

#include <atomic>
#include <cstddef>
#include <duckdb.hpp>
#include <duckdb/function/copy_function.hpp>
#include <memory>
#include <mutex>

#include "duck/data_files_internal.h"
#include "duck/parquet_format_internal.h"

namespace duck {

// Rows that one thread gathers for a row group.
struct RowBuffer {
  duckdb::unique_ptr<duckdb::LocalFunctionData> rows;  // of DuckDB's Parquet writer
  NullCounts null_counts;                              // of those rows
};

// The current file of a partition, that any number of threads write to; a new one begins when it
// has the size aimed at. Thread-safe.
class RollingFile {
 public:
  RollingFile(DataFiles& files, const ParquetFormat& format, Partition partition);

  // Takes the rows of `chunk` into `buffer` and, when that makes a row group, into the file.
  void sink(duckdb::ExecutionContext& context, RowBuffer& buffer, duckdb::DataChunk& chunk);
  // Takes what is left in `buffer`, which is not used again. Rows too few for a row group are
  // gathered; DuckDB moves them to disk when memory is short.
  void combine(duckdb::ExecutionContext& context, RowBuffer& buffer);
  // Writes what was gathered, and finishes the current file. Nobody may be writing any more.
  void finish(duckdb::ClientContext& context);
  // Finishes the current file, if there is one and nobody is writing to it. True if it did.
  bool close(duckdb::ClientContext& context);

  bool is_open() const { return open_; }

 private:
  struct Current {
    std::unique_ptr<OpenDataFile> file;
    int users = 0;
    bool retired = false;
  };

  // The file to write `rows` to, which come next: a whole row group, or a smaller one.
  std::shared_ptr<Current> acquire(duckdb::ClientContext& context,
                                   const duckdb::ColumnDataCollection& rows,
                                   const NullCounts& null_counts, bool is_whole);
  void write_row_group(duckdb::ClientContext& context, duckdb::ColumnDataCollection& rows,
                       const NullCounts& null_counts, bool is_whole);
  // Rows that are not gathered any longer.
  bool makes_row_group(const duckdb::ColumnDataCollection& rows) const;
  void release(duckdb::ClientContext& context, const std::shared_ptr<Current>& current);
  void choose_dictionary_limit(const duckdb::ColumnDataCollection& rows);
  bool is_full(const OpenDataFile& file) const;

  DataFiles& files_;
  const ParquetFormat& format_;
  const Partition partition_;
  std::mutex mutex_;
  std::shared_ptr<Current> current_;
  duckdb::unique_ptr<duckdb::ColumnDataCollection> gathered_;
  NullCounts gathered_nulls_;
  std::atomic<bool> open_ = false;
  std::size_t row_groups_ = 0;
  ParquetFormat::DictionaryLimit dictionary_limit_;
};

}  // namespace duck
