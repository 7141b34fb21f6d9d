// Row ids and row commit versions, for who asks for them: PROTOCOL.md, "Reader Requirements for Row
// Tracking". A table that tracks its rows has two more columns, _row_id and _row_commit_version,
// which SELECT * leaves out.
#pragma once

#include <duckdb.hpp>
#include <duckdb/common/multi_file/multi_file_reader.hpp>
#include <optional>
#include <string>

#include "delta/snapshot.h"

namespace duck {

// Far above DuckDB's own virtual columns, which count from 2^63.
inline constexpr duckdb::column_t kRowIdColumn = (1ULL << 63) + 1000;
inline constexpr duckdb::column_t kRowCommitVersionColumn = (1ULL << 63) + 1001;

inline bool is_row_tracking_column(duckdb::column_t column) {
  return column == kRowIdColumn || column == kRowCommitVersionColumn;
}

// The names that these columns get in an opened data file that has them.
inline constexpr char kRowIdInFile[] = "\x02row_id";
inline constexpr char kRowCommitVersionInFile[] = "\x02row_commit_version";

// How data files call them. Empty unless the table tracks its rows.
struct RowTrackingNames {
  std::optional<std::string> row_id;
  std::optional<std::string> row_commit_version;
};
RowTrackingNames row_tracking_names(const delta::Snapshot& snapshot);

// Adds the two columns if the table tracks its rows.
void add_row_tracking_columns(const delta::Snapshot& snapshot,
                              duckdb::virtual_column_map_t& columns);

// Where the two columns of a scan come from. It never changes.
class RowTrackingColumns {
 public:
  RowTrackingColumns();

  // As MultiFileReader::GetVirtualColumnExpression: the file's own column, if it has one, else
  // what follows from its add action. Throws what DuckDB carries (DELTA_LOG_CORRUPT) when the
  // action does not tell.
  duckdb::unique_ptr<duckdb::Expression> map(
      duckdb::ClientContext& context, const duckdb::BaseFileReader& reader,
      const delta::AddFile& file, duckdb::idx_t& column, duckdb::MultiFileLocalIndex position,
      duckdb::optional_ptr<duckdb::MultiFileColumnDefinition>& in_file);

  // Once all columns are mapped: rows for which the file's own column is NULL get what follows from
  // the add action.
  static void fill_in(duckdb::ClientContext& context, duckdb::MultiFileReaderData& reader_data,
                      const delta::AddFile& file,
                      const duckdb::vector<duckdb::ColumnIndex>& global_column_ids);

 private:
  duckdb::MultiFileColumnDefinition row_id_;
  duckdb::MultiFileColumnDefinition row_commit_version_;
};

}  // namespace duck
