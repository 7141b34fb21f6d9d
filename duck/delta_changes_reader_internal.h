// DuckDB's multi-file Parquet scan, made to read what changed in a Delta table.
#pragma once

#include <cstdint>
#include <duckdb.hpp>
#include <memory>
#include <optional>
#include <string>

#include "delta/schema.h"
#include "delta/table_changes.h"
#include "duck/delta_reader_base_internal.h"
#include "duck/snapshot_cache.h"

namespace duck {

// One object a bound scan.
class DeltaChangesReader final : public DeltaReaderBase {
 public:
  explicit DeltaChangesReader(std::shared_ptr<SnapshotCache> tables) : tables_(std::move(tables)) {}

  duckdb::shared_ptr<duckdb::MultiFileList> CreateFileList(
      duckdb::ClientContext& context, const duckdb::vector<std::string>& paths,
      const duckdb::FileGlobInput& glob_input) override;
  bool ParseOption(const std::string& key, const duckdb::Value& value,
                   duckdb::MultiFileOptions& options, duckdb::ClientContext& context) override;
  bool Bind(duckdb::MultiFileOptions& options, duckdb::MultiFileList& files,
            duckdb::vector<duckdb::LogicalType>& return_types, duckdb::vector<std::string>& names,
            duckdb::MultiFileReaderBindData& bind_data) override;
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

 private:
  // The value of a column in all rows of `change`; nothing when it is in the file.
  std::optional<duckdb::Value> constant_of(std::size_t column,
                                           const delta::FileChange& change) const;

  std::shared_ptr<SnapshotCache> tables_;
  std::optional<std::int64_t> version_;
  delta::ChangeRange range_;
  std::shared_ptr<const delta::TableChanges> changes_;
  delta::Schema in_data_files_;    // the table's columns
  delta::Schema in_change_files_;  // and _change_type
};

}  // namespace duck
