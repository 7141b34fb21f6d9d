// How far the scan of a data file is: DuckDB keeps that of its own Parquet scans to itself, but
// what is done to the rows that a file gave needs to know which of the file's rows they are.
#pragma once

#include <duckdb.hpp>
#include <duckdb/common/multi_file/multi_file_states.hpp>
#include <parquet_multi_file_info.hpp>
#include <parquet_reader.hpp>

namespace duck {

// Of one file, shared by the threads that read its row groups.
struct FileScan final : public duckdb::GlobalTableFunctionState {
  explicit FileScan(duckdb::optional_ptr<const duckdb::PhysicalOperator> scanning);

  duckdb::idx_t next_row_group = 0;
  const duckdb::optional_ptr<const duckdb::PhysicalOperator> op;
};

// Of one thread, in one row group.
struct RowGroupScan final : public duckdb::LocalTableFunctionState {
  RowGroupScan();
  ~RowGroupScan() override;

  duckdb::idx_t row_group = 0;
  bool is_checked = false;           // against checksums
  duckdb::idx_t scanned_before = 0;  // how many row groups the state had scanned
  duckdb::ParquetReaderScanState state;
};

// DuckDB's scan of Parquet files with those two. Its readers are DeltaFileReaders.
class FileScanInterface final : public duckdb::ParquetMultiFileInfo {
 public:
  static duckdb::unique_ptr<duckdb::MultiFileReaderInterface> CreateInterface(
      duckdb::ClientContext& context);

  duckdb::optional_idx MaxThreads(const duckdb::MultiFileBindData& bind_data,
                                  const duckdb::MultiFileGlobalState& global_state,
                                  duckdb::FileExpandResult expand_result) override;
  duckdb::unique_ptr<duckdb::GlobalTableFunctionState> InitializeGlobalState(
      duckdb::ClientContext& context, duckdb::MultiFileBindData& bind_data,
      duckdb::MultiFileGlobalState& global_state) override;
  duckdb::unique_ptr<duckdb::LocalTableFunctionState> InitializeLocalState(
      duckdb::ExecutionContext& context, duckdb::GlobalTableFunctionState& state) override;
  duckdb::unique_ptr<duckdb::MultiFileReaderInterface> Copy() override;
};

}  // namespace duck
