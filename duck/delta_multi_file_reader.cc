#include "duck/delta_multi_file_reader_internal.h"

#include <duckdb/common/multi_file/multi_file_data.hpp>
#include <utility>

#include "base/error.h"
#include "delta/history.h"
#include "duck/delta_columns_internal.h"
#include "duck/delta_file_list_internal.h"
#include "duck/delta_file_reader_internal.h"
#include "duck/errors_internal.h"
#include "duck/values_internal.h"

namespace duck {

duckdb::shared_ptr<duckdb::MultiFileList> DeltaMultiFileReader::CreateFileList(
    duckdb::ClientContext&, const duckdb::vector<std::string>& paths,
    const duckdb::FileGlobInput&) {
  // The function takes one string, so there is one path; the options are not known yet.
  return duckdb::make_shared_ptr<DeltaFileList>(paths.front());
}

bool DeltaMultiFileReader::ParseOption(const std::string& key, const duckdb::Value& value,
                                       duckdb::MultiFileOptions&, duckdb::ClientContext&) {
  if (key == "selection" && !value.IsNull()) {
    selection_ = value.GetValue<std::string>();
    return true;
  }
  if (key == "version") {
    if (value.IsNull() || value.GetValue<std::int64_t>() < 0) {
      throw duckdb::BinderException("delta_scan: version must be a number from 0 on");
    }
    version_ = value.GetValue<std::int64_t>();
    return true;
  }
  if (key == "timestamp") {
    if (value.IsNull()) throw duckdb::BinderException("delta_scan: timestamp must not be NULL");
    timestamp_ = std::get<delta::Timestamp>(to_delta(value));
    return true;
  }
  return false;
}

std::shared_ptr<const DeltaTable> DeltaMultiFileReader::find_table(
    const std::string& location) const {
  if (!timestamp_) return tables_->get(location, version_);
  auto latest = tables_->get(location, std::nullopt);
  const std::int64_t version = delta::version_as_of(latest->snapshot(), *timestamp_).version;
  return version == latest->snapshot().version() ? latest : tables_->get(location, version);
}

void DeltaMultiFileReader::open_files(DeltaFileList& list) {
  if (!selection_) {
    table_ = find_table(list.location());
    list.open(table_);
    return;
  }
  SnapshotCache::Selection selection = tables_->selection(*selection_);
  if (!selection.table) throw duckdb::BinderException("delta_scan: no such selection of files");
  table_ = selection.table;
  list.open(table_, std::move(selection.files), selection.most_threads);
}

bool DeltaMultiFileReader::Bind(duckdb::MultiFileOptions&, duckdb::MultiFileList& files,
                                duckdb::vector<duckdb::LogicalType>& return_types,
                                duckdb::vector<std::string>& names,
                                duckdb::MultiFileReaderBindData& bind_data) {
  if (version_ && timestamp_) {
    throw duckdb::BinderException("delta_scan: version and timestamp exclude each other");
  }
  auto& list = files.Cast<DeltaFileList>();
  inside_duckdb([&] {
    open_files(list);
    bind_data.schema = table_columns(table_->snapshot().schema(), list.location());
    if (bind_data.schema.empty()) {
      throw base::Error(base::Stage::kValidation, "DELTA_TABLE_WITHOUT_COLUMNS",
                        "table '" + list.location() + "' has no columns yet",
                        {{"path", list.location()}});
    }
  });
  for (const auto& column : bind_data.schema) {
    names.push_back(column.name);
    return_types.push_back(column.type);
  }
  return true;
}

duckdb::unique_ptr<duckdb::Expression> DeltaMultiFileReader::GetVirtualColumnExpression(
    duckdb::ClientContext& context, duckdb::MultiFileReaderData& reader_data,
    const duckdb::vector<duckdb::MultiFileColumnDefinition>& local_columns,
    duckdb::idx_t& column_id, const duckdb::LogicalType& type, duckdb::MultiFileLocalIndex position,
    duckdb::optional_ptr<duckdb::MultiFileColumnDefinition>& in_file) {
  if (is_row_tracking_column(column_id)) {
    return row_tracking_.map(context, *reader_data.reader, file_of(reader_data), column_id,
                             position, in_file);
  }
  return duckdb::MultiFileReader::GetVirtualColumnExpression(context, reader_data, local_columns,
                                                             column_id, type, position, in_file);
}

const delta::AddFile& DeltaMultiFileReader::file_of(
    const duckdb::MultiFileReaderData& reader_data) const {
  const auto& reader = reader_data.reader->Cast<DeltaFileReader>();
  return table_->files()[reader.file_index()];
}

duckdb::shared_ptr<duckdb::BaseFileReader> DeltaMultiFileReader::CreateReader(
    duckdb::ClientContext& context, duckdb::GlobalTableFunctionState&,
    const duckdb::OpenFileInfo& file, duckdb::idx_t, const duckdb::MultiFileBindData&) {
  const std::size_t index = DeltaFileList::file_index(file);
  const delta::AddFile& logged = table_->files()[index];
  return DeltaFileReader::open(context, file, table_->snapshot(), table_->snapshot().schema(),
                               index, {logged.size, logged.stats});
}

void DeltaMultiFileReader::complete_mapping(
    duckdb::ClientContext& context, duckdb::MultiFileReaderData& reader_data,
    const duckdb::vector<duckdb::ColumnIndex>& global_column_ids) {
  RowTrackingColumns::fill_in(context, reader_data, file_of(reader_data), global_column_ids);
}

void DeltaMultiFileReader::FinalizeBind(
    duckdb::MultiFileReaderData& reader_data, const duckdb::MultiFileOptions&,
    const duckdb::MultiFileReaderBindData&,
    const duckdb::vector<duckdb::MultiFileColumnDefinition>&,
    const duckdb::vector<duckdb::ColumnIndex>& global_column_ids, duckdb::ClientContext&,
    duckdb::optional_ptr<duckdb::MultiFileReaderGlobalState>) {
  auto& reader = reader_data.reader->Cast<DeltaFileReader>();
  const delta::Snapshot& snapshot = table_->snapshot();
  const delta::AddFile& file = file_of(reader_data);
  for (duckdb::idx_t i = 0; i < global_column_ids.size(); ++i) {
    const duckdb::MultiFileGlobalIndex position(i);
    const duckdb::column_t column = global_column_ids[i].GetPrimaryIndex();
    if (column == COLUMN_IDENTIFIER_FILENAME) {
      reader_data.constant_map.Add(position, duckdb::Value(reader.GetFileName()));
    } else if (column == COLUMN_IDENTIFIER_FILE_INDEX) {
      // That of the snapshot: both scans of a late materialization see the same, however many
      // files each of them left out.
      reader_data.constant_map.Add(position, duckdb::Value::UBIGINT(reader.file_index()));
    } else if (!duckdb::IsVirtualColumn(column)) {
      const auto value = inside_duckdb([&] { return partition_value(snapshot, file, column); });
      if (value) reader_data.constant_map.Add(position, *value);
    }
  }
  if (file.deletion_vector) {
    reader.leave_out(inside_duckdb([&] {
      return delta::DeletionVector::read(*snapshot.store(), snapshot.location(),
                                         *file.deletion_vector);
    }));
  }
}

duckdb::unique_ptr<duckdb::MultiFileReader> DeltaMultiFileReader::Copy() const {
  return duckdb::make_uniq<DeltaMultiFileReader>(*this);
}

}  // namespace duck
