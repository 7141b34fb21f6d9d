#include <column_reader.hpp>
#include <duckdb/execution/adaptive_filter.hpp>

#include "duck/file_scan_internal.h"

namespace duck {

FileScan::FileScan(duckdb::optional_ptr<const duckdb::PhysicalOperator> scanning) : op(scanning) {}

RowGroupScan::RowGroupScan() = default;
RowGroupScan::~RowGroupScan() = default;

duckdb::unique_ptr<duckdb::MultiFileReaderInterface> FileScanInterface::CreateInterface(
    duckdb::ClientContext&) {
  return duckdb::make_uniq<FileScanInterface>();
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
