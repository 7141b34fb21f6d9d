#include "duck/delta_scan.h"

#include <duckdb.hpp>
#include <duckdb/catalog/catalog_entry/table_function_catalog_entry.hpp>
#include <duckdb/common/multi_file/multi_file_states.hpp>
#include <duckdb/function/partition_stats.hpp>
#include <duckdb/main/extension/extension_loader.hpp>
#include <string>
#include <utility>

#include "duck/delta_file_list_internal.h"
#include "duck/delta_multi_file_reader_internal.h"
#include "duck/hidden_column.h"
#include "duck/parquet_scan_internal.h"
#include "duck/row_tracking_internal.h"

namespace duck {
namespace {

struct DeltaScanInfo final : public duckdb::TableFunctionInfo {
  explicit DeltaScanInfo(std::shared_ptr<SnapshotCache> cache) : tables(std::move(cache)) {}
  const std::shared_ptr<SnapshotCache> tables;
};

duckdb::unique_ptr<duckdb::MultiFileReader> make_reader(const duckdb::TableFunction& function) {
  return duckdb::make_uniq<DeltaMultiFileReader>(
      function.function_info->Cast<DeltaScanInfo>().tables);
}

const DeltaFileList& bound_files(const duckdb::FunctionData& bind_data) {
  return bind_data.Cast<duckdb::MultiFileBindData>().file_list->Cast<DeltaFileList>();
}

// Lets COUNT(*) be answered from the log.
duckdb::vector<duckdb::PartitionStatistics> partition_statistics(
    duckdb::ClientContext&, duckdb::GetPartitionStatsInput& input) {
  const auto rows = bound_files(*input.bind_data).exact_rows();
  if (!rows) return {};
  duckdb::PartitionStatistics statistics;
  statistics.row_start = 0;
  statistics.count = static_cast<duckdb::idx_t>(*rows);
  statistics.count_type = duckdb::CountType::COUNT_EXACT;
  return {std::move(statistics)};
}

std::string read_of_total(const delta::SkippingCounts& counts) {
  return std::to_string(counts.read()) + " of " + std::to_string(counts.total);
}

// For EXPLAIN: what is known before the query runs.
duckdb::InsertionOrderPreservingMap<std::string> describe(
    duckdb::TableFunctionToStringInput& input) {
  const DeltaFileList& files = bound_files(*input.bind_data);
  duckdb::InsertionOrderPreservingMap<std::string> out;
  out[kTableDetail] = files.table().snapshot().location();
  out["Version"] = std::to_string(files.table().snapshot().version());
  out["Files"] = read_of_total(files.counts());
  return out;
}

// For EXPLAIN ANALYZE and profiles: after the filters that joins filled in.
duckdb::InsertionOrderPreservingMap<std::string> describe_run(
    duckdb::TableFunctionDynamicToStringInput& input) {
  const auto& state = input.global_state->Cast<duckdb::MultiFileGlobalState>();
  const auto& files = state.file_list.Cast<DeltaFileList>();
  const delta::SkippingCounts& counts = files.counts();
  duckdb::InsertionOrderPreservingMap<std::string> out;
  out[kTableDetail] = files.table().snapshot().location();
  out["Files"] = read_of_total(counts);
  out["Total Files Read"] = std::to_string(state.file_index.load());
  out[kTotalFilesDetail] = std::to_string(counts.total);
  out[kPrunedByPartitionDetail] = std::to_string(counts.pruned_by_partition);
  out[kPrunedByStatisticsDetail] = std::to_string(counts.pruned_by_statistics);
  out[kPrunedByJoinFilterDetail] = std::to_string(counts.pruned_by_join_filter);
  return out;
}

// Columns that SELECT * leaves out: DuckDB's own, and those of row tracking.
duckdb::virtual_column_map_t virtual_columns(duckdb::ClientContext& context,
                                             duckdb::optional_ptr<duckdb::FunctionData> bind_data) {
  auto& data = bind_data->Cast<duckdb::MultiFileBindData>();
  duckdb::virtual_column_map_t columns;
  duckdb::MultiFileReader::GetVirtualColumns(context, data.reader_bind, columns);
  data.interface->GetVirtualColumns(context, data, columns);
  const delta::Snapshot& snapshot = bound_files(data).table().snapshot();
  add_row_tracking_columns(snapshot, columns);
  for (auto& [id, column] : columns) column.name = hidden_column(snapshot.schema(), column.name);
  data.virtual_columns = columns;
  return columns;
}

}  // namespace

void add_delta_scan(duckdb::ExtensionLoader& loader, std::shared_ptr<SnapshotCache> tables) {
  duckdb::TableFunction scan = parquet_scan(loader);
  scan.name = "delta_scan";
  scan.function_info = duckdb::make_shared_ptr<DeltaScanInfo>(std::move(tables));
  scan.get_multi_file_reader = make_reader;
  scan.named_parameters["version"] = duckdb::LogicalType::BIGINT;
  scan.named_parameters["selection"] = duckdb::LogicalType::VARCHAR;  // see file_selection.h
  scan.named_parameters["timestamp"] = duckdb::LogicalType::TIMESTAMP_TZ;
  scan.get_partition_stats = partition_statistics;
  scan.get_virtual_columns = virtual_columns;
  scan.to_string = describe;
  scan.dynamic_to_string = describe_run;
  loader.RegisterFunction(std::move(scan));
}

}  // namespace duck
