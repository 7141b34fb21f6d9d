// One data file of a Delta table.
#pragma once

#include <cstdint>
#include <duckdb.hpp>
#include <memory>
#include <optional>
#include <parquet_reader.hpp>
#include <string>

#include "delta/schema.h"
#include "delta/snapshot.h"
#include "delta/store.h"
#include "duck/deleted_rows_internal.h"
#include "duck/file_scan_internal.h"

namespace duck {

// What the log says of a file, as far as it does.
struct LoggedFile {
  std::optional<std::int64_t> size;  // in bytes
  const std::optional<std::string>& stats;
};

// DuckDB's Parquet reader with the table's column names, and errors that name the file.
class DeltaFileReader final : public duckdb::ParquetReader {
 public:
  // Opens a file with these columns of a table. Throws what DuckDB carries:
  // DELTA_DATA_FILE_MISSING, or DELTA_DATA_FILE_UNREADABLE, also for a file that is not what the
  // log says.
  static duckdb::shared_ptr<DeltaFileReader> open(duckdb::ClientContext& context,
                                                  const duckdb::OpenFileInfo& file,
                                                  const delta::Snapshot& snapshot,
                                                  const delta::Schema& columns,
                                                  std::size_t file_index, const LoggedFile& logged);

  DeltaFileReader(duckdb::ClientContext& context, const duckdb::OpenFileInfo& file,
                  const delta::Snapshot& snapshot, const delta::Schema& columns,
                  std::size_t file_index);

  // In the list that the file is of.
  std::size_t file_index() const { return file_index_; }

  // Before the first scan: rows are wanted only where `condition`, over the columns that the reader
  // gives, is true too.
  void add_row_filter(duckdb::unique_ptr<duckdb::Expression> condition);
  // Before the first scan: these rows are not wanted.
  void leave_out(delta::DeletionVector deleted);
  // Before the first scan, after leave_out: its rows are not even shown to the filters.
  void leave_out_before_filters();
  // Throws what DuckDB carries: DELTA_DATA_FILE_UNREADABLE.
  [[noreturn]] void throw_unreadable(const std::string& why) const;
  // Keeps the rows that meet all row filters.
  void filter_rows(duckdb::ClientContext& context, duckdb::DataChunk& rows) const;

  // A thread reads one row group after another; the states are those of FileScanInterface.
  bool TryInitializeScan(duckdb::ClientContext& context,
                         duckdb::GlobalTableFunctionState& global_state,
                         duckdb::LocalTableFunctionState& local_state) override;
  void PrepareScan(duckdb::ClientContext& context, duckdb::GlobalTableFunctionState& global_state,
                   duckdb::LocalTableFunctionState& local_state) override;
  void FinishFile(duckdb::ClientContext& context,
                  duckdb::GlobalTableFunctionState& global_state) override;
  using duckdb::ParquetReader::Scan;
  duckdb::AsyncResult Scan(duckdb::ClientContext& context,
                           duckdb::GlobalTableFunctionState& global_state,
                           duckdb::LocalTableFunctionState& local_state,
                           duckdb::DataChunk& chunk) override;

 private:
  // Hold the bytes to the checksums that the store keeps of them, if it does.
  void check_footer();
  void check_pages(RowGroupScan& scan);

  const std::size_t file_index_;
  const std::shared_ptr<const delta::Store> store_;
  bool has_checksums_ = false;
  std::optional<DeletedRows> deleted_;
  duckdb::vector<duckdb::unique_ptr<duckdb::Expression>> row_filters_;
};

}  // namespace duck
