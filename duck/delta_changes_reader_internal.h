// DuckDB's multi-file Parquet scan, made to read what changed in a Delta table.
#pragma once

#include <duckdb.hpp>
#include <duckdb/common/multi_file/multi_file_list.hpp>
#include <memory>
#include <string>

#include "delta/schema.h"
#include "delta/table_changes.h"
#include "duck/delta_files_reader_internal.h"
#include "duck/snapshot_cache.h"

namespace duck {

// The files that hold the changes; one may be there several times. It never changes once `open` was
// called.
class ChangeFileList final : public duckdb::MultiFileList {
 public:
  // A list of nothing yet, for the table at `location`.
  explicit ChangeFileList(std::string location) : location_(std::move(location)) {}

  const std::string& location() const { return location_; }
  void open(std::shared_ptr<const delta::TableChanges> changes) { changes_ = std::move(changes); }

  // The index in the changes of a file of this list.
  static std::size_t file_index(const duckdb::OpenFileInfo& file);

  duckdb::vector<duckdb::OpenFileInfo> GetAllFiles() const override;
  duckdb::FileExpandResult GetExpandResult() const override;
  duckdb::idx_t GetTotalFileCount() const override;
  duckdb::vector<duckdb::OpenFileInfo> GetDisplayFileList(
      duckdb::optional_idx max_files) const override;
  duckdb::unique_ptr<duckdb::NodeStatistics> GetCardinality(
      duckdb::ClientContext& context) const override;
  duckdb::unique_ptr<duckdb::MultiFileList> Copy() const override;

 protected:
  duckdb::OpenFileInfo GetFile(duckdb::idx_t i) const override;

 private:
  std::string location_;
  std::shared_ptr<const delta::TableChanges> changes_;
};

// One object a bound scan.
class DeltaChangesReader final : public DeltaFilesReader {
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
