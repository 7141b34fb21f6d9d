// What DuckDB's multi-file reader does the same way for the rows of a Delta table and for its
// changes.
#pragma once

#include <duckdb.hpp>
#include <duckdb/common/multi_file/multi_file_reader.hpp>
#include <optional>
#include <string>

#include "delta/snapshot.h"

namespace duck {

// Opens files that columns are known for before. A subclass says in FinalizeBind which columns are
// constants of a file, and which rows are left out.
class DeltaReaderBase : public duckdb::MultiFileReader {
 public:
  void BindOptions(duckdb::MultiFileOptions& options, duckdb::MultiFileList& files,
                   duckdb::vector<duckdb::LogicalType>& return_types,
                   duckdb::vector<std::string>& names,
                   duckdb::MultiFileReaderBindData& bind_data) override;
  duckdb::ReaderInitializeType InitializeReader(
      duckdb::MultiFileReaderData& reader_data, const duckdb::MultiFileBindData& bind_data,
      const duckdb::vector<duckdb::MultiFileColumnDefinition>& global_columns,
      const duckdb::vector<duckdb::ColumnIndex>& global_column_ids,
      duckdb::optional_ptr<duckdb::TableFilterSet> table_filters, duckdb::ClientContext& context,
      duckdb::MultiFileGlobalState& state) override;
  void FinalizeChunk(duckdb::ClientContext& context, const duckdb::MultiFileBindData& bind_data,
                     duckdb::BaseFileReader& reader, const duckdb::MultiFileReaderData& reader_data,
                     duckdb::DataChunk& input, duckdb::DataChunk& output,
                     duckdb::ExpressionExecutor& executor,
                     duckdb::optional_ptr<duckdb::MultiFileReaderGlobalState> state) override;

 protected:
  // Called when the columns of a file are mapped, before filters are handed to its reader.
  virtual void complete_mapping(duckdb::ClientContext&, duckdb::MultiFileReaderData&,
                                const duckdb::vector<duckdb::ColumnIndex>&) {}
};

// The value that the table's column of this index has in all rows of `file`; nothing when it is no
// partition column.
std::optional<duckdb::Value> partition_value(const delta::Snapshot& snapshot,
                                             const delta::AddFile& file, std::size_t column);

}  // namespace duck
