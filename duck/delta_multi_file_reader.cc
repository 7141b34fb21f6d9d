#include "duck/delta_multi_file_reader_internal.h"

#include <duckdb/common/multi_file/multi_file_data.hpp>
#include <utility>

#include "delta/column_mapping.h"
#include "duck/deletion_filter_internal.h"
#include "duck/delta_columns_internal.h"
#include "duck/delta_file_filters_internal.h"
#include "duck/delta_file_list_internal.h"
#include "duck/delta_file_reader_internal.h"
#include "duck/errors_internal.h"
#include "duck/types_internal.h"
#include "duck/values_internal.h"

namespace duck {
namespace {

bool is_partition_column(const delta::Metadata& metadata, const std::string& name) {
  for (const std::string& column : metadata.partition_columns) {
    if (duckdb::StringUtil::CIEquals(column, name)) return true;
  }
  return false;
}

// The value of a partition column in one file, of the column's type.
duckdb::Value partition_value(const delta::Snapshot& snapshot, const delta::AddFile& file,
                              const delta::StructField& column) {
  const auto mapping = delta::column_mapping(snapshot.protocol(), snapshot.metadata());
  const auto text = file.partition_values.find(delta::physical_name(column, mapping));
  const auto value = delta::parse_partition_value(
      text == file.partition_values.end() ? std::nullopt : text->second, column.type);
  return to_duckdb(value, to_duckdb(column.type));
}

}  // namespace

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
  if (key != "version") return false;
  if (value.IsNull() || value.GetValue<std::int64_t>() < 0) {
    throw duckdb::BinderException("delta_scan: version must be a number from 0 on");
  }
  version_ = value.GetValue<std::int64_t>();
  return true;
}

void DeltaMultiFileReader::open_files(DeltaFileList& list) {
  if (!selection_) {
    table_ = tables_->get(list.location(), version_);
    list.open(table_);
    return;
  }
  SnapshotCache::Selection selection = tables_->selection(*selection_);
  if (!selection.table) throw duckdb::BinderException("delta_scan: no such selection of files");
  table_ = selection.table;
  list.open(table_, std::move(selection.files));
}

bool DeltaMultiFileReader::Bind(duckdb::MultiFileOptions&, duckdb::MultiFileList& files,
                                duckdb::vector<duckdb::LogicalType>& return_types,
                                duckdb::vector<std::string>& names,
                                duckdb::MultiFileReaderBindData& bind_data) {
  auto& list = files.Cast<DeltaFileList>();
  inside_duckdb([&] {
    open_files(list);
    bind_data.schema = table_columns(table_->snapshot().schema());
  });
  for (const auto& column : bind_data.schema) {
    names.push_back(column.name);
    return_types.push_back(column.type);
  }
  return true;
}

void DeltaMultiFileReader::BindOptions(duckdb::MultiFileOptions&, duckdb::MultiFileList&,
                                       duckdb::vector<duckdb::LogicalType>&,
                                       duckdb::vector<std::string>&,
                                       duckdb::MultiFileReaderBindData&) {
  // None of the options of a Parquet scan apply: not even folder names tell anything.
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
  return table_->snapshot().files()[reader.file_index()];
}

duckdb::shared_ptr<duckdb::BaseFileReader> DeltaMultiFileReader::CreateReader(
    duckdb::ClientContext& context, duckdb::GlobalTableFunctionState&,
    const duckdb::OpenFileInfo& file, duckdb::idx_t, const duckdb::MultiFileBindData&) {
  return DeltaFileReader::open(context, file, *table_, DeltaFileList::file_index(file));
}

duckdb::ReaderInitializeType DeltaMultiFileReader::InitializeReader(
    duckdb::MultiFileReaderData& reader_data, const duckdb::MultiFileBindData& bind_data,
    const duckdb::vector<duckdb::MultiFileColumnDefinition>& global_columns,
    const duckdb::vector<duckdb::ColumnIndex>& global_column_ids,
    duckdb::optional_ptr<duckdb::TableFilterSet> table_filters, duckdb::ClientContext& context,
    duckdb::MultiFileGlobalState& state) {
  FinalizeBind(reader_data, bind_data.file_options, bind_data.reader_bind, global_columns,
               global_column_ids, context, state.multi_file_reader_state.get());
  const duckdb::TableFilterSet none;
  const duckdb::TableFilterSet& filters = table_filters ? *table_filters : none;
  auto on_constants = filters_on_constants(reader_data, global_columns, global_column_ids, filters);
  const auto result =
      CreateMapping(context, reader_data, global_columns, global_column_ids, on_constants.get(),
                    state.file_list, bind_data.reader_bind, bind_data.virtual_columns);
  if (result != duckdb::ReaderInitializeType::SKIP_READING_FILE) {
    RowTrackingColumns::fill_in(context, reader_data, file_of(reader_data), global_column_ids);
    push_filters(reader_data, *on_constants, filters, global_column_ids);
  }
  return result;
}

void DeltaMultiFileReader::FinalizeBind(
    duckdb::MultiFileReaderData& reader_data, const duckdb::MultiFileOptions&,
    const duckdb::MultiFileReaderBindData&,
    const duckdb::vector<duckdb::MultiFileColumnDefinition>& global_columns,
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
    } else if (!duckdb::IsVirtualColumn(column) &&
               is_partition_column(snapshot.metadata(), global_columns[column].name)) {
      reader_data.constant_map.Add(position, inside_duckdb([&] {
                                     return partition_value(snapshot, file,
                                                            snapshot.schema().fields[column]);
                                   }));
    }
  }
  if (file.deletion_vector) {
    reader.deletion_filter = inside_duckdb([&] {
      return duckdb::make_uniq<DeletionFilter>(delta::DeletionVector::read(
          *snapshot.store(), snapshot.location(), *file.deletion_vector));
    });
  }
}

void DeltaMultiFileReader::FinalizeChunk(
    duckdb::ClientContext& context, const duckdb::MultiFileBindData& bind_data,
    duckdb::BaseFileReader& reader, const duckdb::MultiFileReaderData& reader_data,
    duckdb::DataChunk& input, duckdb::DataChunk& output, duckdb::ExpressionExecutor& executor,
    duckdb::optional_ptr<duckdb::MultiFileReaderGlobalState> state) {
  reader.Cast<DeltaFileReader>().filter_rows(context, input);
  duckdb::MultiFileReader::FinalizeChunk(context, bind_data, reader, reader_data, input, output,
                                         executor, state);
}

duckdb::unique_ptr<duckdb::MultiFileReader> DeltaMultiFileReader::Copy() const {
  return duckdb::make_uniq<DeltaMultiFileReader>(*this);
}

}  // namespace duck
