#include "duck/delta_reader_base_internal.h"

#include <duckdb/common/multi_file/multi_file_data.hpp>

#include "delta/column_mapping.h"
#include "delta/file_partition_value.h"
#include "duck/delta_file_filters_internal.h"
#include "duck/delta_file_reader_internal.h"
#include "duck/struct_bridge_internal.h"
#include "duck/types_internal.h"
#include "duck/unshredded_variants_internal.h"
#include "duck/values_internal.h"

namespace duck {
namespace {

bool is_partition_column(const delta::Metadata& metadata, const std::string& name) {
  for (const std::string& column : metadata.partition_columns) {
    if (duckdb::StringUtil::CIEquals(column, name)) return true;
  }
  return false;
}

}  // namespace

void DeltaReaderBase::BindOptions(duckdb::MultiFileOptions&, duckdb::MultiFileList&,
                                  duckdb::vector<duckdb::LogicalType>&,
                                  duckdb::vector<std::string>&, duckdb::MultiFileReaderBindData&) {
  // None of the options of a Parquet scan apply: not even folder names tell anything.
}

duckdb::ReaderInitializeType DeltaReaderBase::InitializeReader(
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
  const auto bridged = bridged_columns(global_columns, reader_data.reader->columns);
  const auto result = CreateMapping(context, reader_data, bridged ? *bridged : global_columns,
                                    global_column_ids, on_constants.get(), state.file_list,
                                    bind_data.reader_bind, bind_data.virtual_columns);
  if (result != duckdb::ReaderInitializeType::SKIP_READING_FILE) {
    if (bridged) cross_bridges(context, reader_data, global_columns, *bridged, global_column_ids);
    complete_mapping(context, reader_data, global_column_ids);
    push_filters(reader_data, *on_constants, filters, global_column_ids);
  }
  return result;
}

void DeltaReaderBase::FinalizeChunk(
    duckdb::ClientContext& context, const duckdb::MultiFileBindData& bind_data,
    duckdb::BaseFileReader& reader, const duckdb::MultiFileReaderData& reader_data,
    duckdb::DataChunk& input, duckdb::DataChunk& output, duckdb::ExpressionExecutor& executor,
    duckdb::optional_ptr<duckdb::MultiFileReaderGlobalState> state) {
  const auto& file = reader.Cast<DeltaFileReader>();
  try {
    file.filter_rows(context, input);
    duckdb::MultiFileReader::FinalizeChunk(context, bind_data, reader, reader_data, input, output,
                                           executor, state);
  } catch (const InvalidVariant& fault) {
    file.throw_unreadable(fault.why);
  }
}

std::optional<duckdb::Value> partition_value(const delta::Snapshot& snapshot,
                                             const delta::AddFile& file, std::size_t column) {
  const delta::StructField& field = snapshot.schema().fields[column];
  if (!is_partition_column(snapshot.metadata(), field.name)) return std::nullopt;
  const auto value = delta::partition_value(
      file, field,
      {snapshot.location(), delta::column_mapping(snapshot.protocol(), snapshot.metadata()),
       snapshot.metadata().partition_columns.size()});
  return to_duckdb(value, to_duckdb(field.type));
}

}  // namespace duck
