#include "duck/delta_changes_reader_internal.h"

#include "delta/column_mapping.h"
#include "duck/change_file_list_internal.h"
#include "duck/changed_rows_filter_internal.h"
#include "duck/delta_columns_internal.h"
#include "duck/delta_file_reader_internal.h"
#include "duck/errors_internal.h"
#include "duck/values_internal.h"

namespace duck {
namespace {

void choose_rows(DeltaFileReader& reader, const delta::Snapshot& snapshot,
                 const delta::FileChange& change) {
  const auto read = [&](const std::optional<delta::DeletionVectorDescriptor>& vector) {
    if (!vector) return delta::DeletionVector();
    return delta::DeletionVector::read(*snapshot.store(), snapshot.location(), *vector);
  };
  const auto& without = change.file.deletion_vector;
  if (change.only) {
    reader.deletion_filter = duckdb::make_uniq<ChangedRowsFilter>(read(change.only), read(without));
  } else if (without) {
    reader.leave_out(read(without));
  }
}

}  // namespace

duckdb::shared_ptr<duckdb::MultiFileList> DeltaChangesReader::CreateFileList(
    duckdb::ClientContext&, const duckdb::vector<std::string>& paths,
    const duckdb::FileGlobInput&) {
  // The function takes one string, so there is one path; the options are not known yet.
  return duckdb::make_shared_ptr<ChangeFileList>(paths.front());
}

bool DeltaChangesReader::ParseOption(const std::string& key, const duckdb::Value& value,
                                     duckdb::MultiFileOptions&, duckdb::ClientContext&) {
  // NULL stands for an option that is not given.
  const auto set_version = [&](std::optional<std::int64_t>& version) {
    if (!value.IsNull()) version = value.GetValue<std::int64_t>();
  };
  const auto set_timestamp = [&](std::optional<delta::Timestamp>& timestamp) {
    if (!value.IsNull()) timestamp = std::get<delta::Timestamp>(to_delta(value));
  };
  if (key == "selection") {
    changes_ = tables_->changes(value.GetValue<std::string>());
  } else if (key == "version") {
    set_version(version_);
  } else if (key == "from_version") {
    set_version(range_.from_version);
  } else if (key == "to_version") {
    set_version(range_.to_version);
  } else if (key == "from_timestamp") {
    set_timestamp(range_.from_timestamp);
  } else if (key == "to_timestamp") {
    set_timestamp(range_.to_timestamp);
  } else {
    return false;
  }
  return true;
}

bool DeltaChangesReader::Bind(duckdb::MultiFileOptions&, duckdb::MultiFileList& files,
                              duckdb::vector<duckdb::LogicalType>& return_types,
                              duckdb::vector<std::string>& names,
                              duckdb::MultiFileReaderBindData& bind_data) {
  auto& list = files.Cast<ChangeFileList>();
  inside_duckdb([&] {
    if (!changes_) {
      const auto latest = tables_->get(list.location(), version_);
      changes_ = std::make_shared<const delta::TableChanges>(
          delta::table_changes(latest->shared_snapshot(), range_));
    }
    list.open(changes_);
    in_data_files_ = changes_->snapshot->schema();
    in_change_files_ = in_data_files_;
    in_change_files_.fields.push_back(
        delta::unmapped_field(delta::kChangeTypeColumn, delta::TypeKind::kString));
    delta::Schema all = in_change_files_;
    all.fields.push_back(
        delta::unmapped_field(delta::kCommitVersionColumn, delta::TypeKind::kLong));
    all.fields.push_back(
        delta::unmapped_field(delta::kCommitTimestampColumn, delta::TypeKind::kTimestamp));
    bind_data.schema = table_columns(all, list.location());
  });
  for (const auto& column : bind_data.schema) {
    names.push_back(column.name);
    return_types.push_back(column.type);
  }
  return true;
}

duckdb::shared_ptr<duckdb::BaseFileReader> DeltaChangesReader::CreateReader(
    duckdb::ClientContext& context, duckdb::GlobalTableFunctionState&,
    const duckdb::OpenFileInfo& file, duckdb::idx_t, const duckdb::MultiFileBindData&) {
  const std::size_t index = ChangeFileList::file_index(file);
  const delta::FileChange& change = changes_->files[index];
  const bool is_change_file = change.type == delta::ChangeType::kInFile;
  return DeltaFileReader::open(context, file, *changes_->snapshot,
                               is_change_file ? in_change_files_ : in_data_files_, index,
                               {change.file_size, change.file.stats});
}

std::optional<duckdb::Value> DeltaChangesReader::constant_of(
    std::size_t column, const delta::FileChange& change) const {
  const std::size_t table_columns = in_data_files_.fields.size();
  if (column < table_columns) return partition_value(*changes_->snapshot, change.file, column);
  switch (column - table_columns) {
    case 0:
      if (change.type == delta::ChangeType::kInFile) return std::nullopt;
      return duckdb::Value(std::string(delta::to_string(change.type)));
    case 1:
      return duckdb::Value::BIGINT(change.version);
    default:
      return duckdb::Value::TIMESTAMPTZ(duckdb::timestamp_tz_t(change.timestamp * 1000));
  }
}

void DeltaChangesReader::FinalizeBind(duckdb::MultiFileReaderData& reader_data,
                                      const duckdb::MultiFileOptions&,
                                      const duckdb::MultiFileReaderBindData&,
                                      const duckdb::vector<duckdb::MultiFileColumnDefinition>&,
                                      const duckdb::vector<duckdb::ColumnIndex>& global_column_ids,
                                      duckdb::ClientContext&,
                                      duckdb::optional_ptr<duckdb::MultiFileReaderGlobalState>) {
  auto& reader = reader_data.reader->Cast<DeltaFileReader>();
  const delta::FileChange& change = changes_->files[reader.file_index()];
  for (duckdb::idx_t i = 0; i < global_column_ids.size(); ++i) {
    const duckdb::MultiFileGlobalIndex position(i);
    const duckdb::column_t column = global_column_ids[i].GetPrimaryIndex();
    if (column == COLUMN_IDENTIFIER_FILENAME) {
      reader_data.constant_map.Add(position, duckdb::Value(reader.GetFileName()));
    } else if (column == COLUMN_IDENTIFIER_FILE_INDEX) {
      reader_data.constant_map.Add(position, duckdb::Value::UBIGINT(reader.file_index()));
    } else if (!duckdb::IsVirtualColumn(column)) {
      const auto value = inside_duckdb([&] { return constant_of(column, change); });
      if (value) reader_data.constant_map.Add(position, *value);
    }
  }
  inside_duckdb([&] { choose_rows(reader, *changes_->snapshot, change); });
}

duckdb::unique_ptr<duckdb::MultiFileReader> DeltaChangesReader::Copy() const {
  return duckdb::make_uniq<DeltaChangesReader>(*this);
}

}  // namespace duck
