#include <algorithm>
#include <column_reader.hpp>
#include <duckdb/execution/adaptive_filter.hpp>

#include "duck/delta_file_list_internal.h"
#include "duck/file_scan_internal.h"

namespace duck {

FileScan::FileScan(duckdb::optional_ptr<const duckdb::PhysicalOperator> scanning) : op(scanning) {}

RowGroupScan::RowGroupScan() = default;
RowGroupScan::~RowGroupScan() = default;

duckdb::unique_ptr<duckdb::MultiFileReaderInterface> FileScanInterface::CreateInterface(
    duckdb::ClientContext&) {
  return duckdb::make_uniq<FileScanInterface>();
}

duckdb::optional_idx FileScanInterface::MaxThreads(const duckdb::MultiFileBindData& bind_data,
                                                   const duckdb::MultiFileGlobalState& global_state,
                                                   duckdb::FileExpandResult expand_result) {
  const duckdb::optional_idx threads =
      duckdb::ParquetMultiFileInfo::MaxThreads(bind_data, global_state, expand_result);
  // The scan's list, which filters may have made shorter.
  const auto* const files = dynamic_cast<const DeltaFileList*>(&global_state.file_list);
  if (files == nullptr || files->most_threads() == 0) return threads;
  const duckdb::idx_t most = files->most_threads();
  return threads.IsValid() ? std::min(threads.GetIndex(), most) : most;
}

duckdb::unique_ptr<duckdb::GlobalTableFunctionState> FileScanInterface::InitializeGlobalState(
    duckdb::ClientContext&, duckdb::MultiFileBindData&,
    duckdb::MultiFileGlobalState& global_state) {
  return duckdb::make_uniq<FileScan>(global_state.op);
}

duckdb::unique_ptr<duckdb::LocalTableFunctionState> FileScanInterface::InitializeLocalState(
    duckdb::ExecutionContext&, duckdb::GlobalTableFunctionState&) {
  return duckdb::make_uniq<RowGroupScan>();
}

duckdb::unique_ptr<duckdb::MultiFileReaderInterface> FileScanInterface::Copy() {
  return duckdb::make_uniq<FileScanInterface>();
}

}  // namespace duck
