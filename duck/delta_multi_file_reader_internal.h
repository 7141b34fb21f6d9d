// DuckDB's multi-file Parquet scan, made to read Delta tables.
#pragma once

#include <cstdint>
#include <duckdb.hpp>
#include <memory>
#include <optional>
#include <string>

#include "delta/value.h"
#include "duck/delta_file_list_internal.h"
#include "duck/delta_reader_base_internal.h"
#include "duck/delta_table.h"
#include "duck/row_tracking_internal.h"
#include "duck/snapshot_cache.h"

namespace duck {

// Binds to a snapshot in place of a first file, fills in partition values, maps columns by the
// table's schema, and leaves out deleted rows. One object a bound scan.
class DeltaMultiFileReader final : public DeltaReaderBase {
 public:
  explicit DeltaMultiFileReader(std::shared_ptr<SnapshotCache> tables)
      : tables_(std::move(tables)) {}

  duckdb::shared_ptr<duckdb::MultiFileList> CreateFileList(
      duckdb::ClientContext& context, const duckdb::vector<std::string>& paths,
      const duckdb::FileGlobInput& glob_input) override;
  bool ParseOption(const std::string& key, const duckdb::Value& value,
                   duckdb::MultiFileOptions& options, duckdb::ClientContext& context) override;
  bool Bind(duckdb::MultiFileOptions& options, duckdb::MultiFileList& files,
            duckdb::vector<duckdb::LogicalType>& return_types, duckdb::vector<std::string>& names,
            duckdb::MultiFileReaderBindData& bind_data) override;
  duckdb::unique_ptr<duckdb::Expression> GetVirtualColumnExpression(
      duckdb::ClientContext& context, duckdb::MultiFileReaderData& reader_data,
      const duckdb::vector<duckdb::MultiFileColumnDefinition>& local_columns,
      duckdb::idx_t& column_id, const duckdb::LogicalType& type,
      duckdb::MultiFileLocalIndex position,
      duckdb::optional_ptr<duckdb::MultiFileColumnDefinition>& in_file) override;
  duckdb::shared_ptr<duckdb::BaseFileReader> CreateReader(
      duckdb::ClientContext& context, duckdb::GlobalTableFunctionState& state,
      const duckdb::OpenFileInfo& file, duckdb::idx_t file_index,
      const duckdb::MultiFileBindData& bind_data) override;
  void FinalizeBind(duckdb::MultiFileReaderData& reader_data,
                    const duckdb::MultiFileOptions& file_options,
                    const duckdb::MultiFileReaderBindData& options,
                    const duckdb::vector<duckdb::MultiFileColumnDefinition>& global_columns,
                    const duckdb::vector<duckdb::ColumnIndex>& global_column_ids,
                    duckdb::ClientContext& context,
                    duckdb::optional_ptr<duckdb::MultiFileReaderGlobalState> state) override;
  duckdb::unique_ptr<duckdb::MultiFileReader> Copy() const override;

 protected:
  void complete_mapping(duckdb::ClientContext& context, duckdb::MultiFileReaderData& reader_data,
                        const duckdb::vector<duckdb::ColumnIndex>& global_column_ids) override;

 private:
  void open_files(DeltaFileList& list);
  const delta::AddFile& file_of(const duckdb::MultiFileReaderData& reader_data) const;
  std::shared_ptr<const DeltaTable> find_table(const std::string& location) const;

  std::shared_ptr<SnapshotCache> tables_;
  // At most one of them.
  std::optional<std::int64_t> version_;
  std::optional<std::string> selection_;
  std::optional<delta::Timestamp> timestamp_;
  std::shared_ptr<const DeltaTable> table_;
  RowTrackingColumns row_tracking_;
};

}  // namespace duck
