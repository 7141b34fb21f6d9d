#include <algorithm>
#include <duckdb/catalog/catalog.hpp>
#include <duckdb/catalog/catalog_entry/copy_function_catalog_entry.hpp>
#include <duckdb/parser/parsed_data/copy_info.hpp>

#include "delta/data_file_schema.h"
#include "duck/exact_floats_internal.h"
#include "duck/field_ids_internal.h"
#include "duck/memory_reservation_internal.h"
#include "duck/parquet_format_internal.h"
#include "duck/types_internal.h"

namespace duck {
namespace {

// A row group with wide rows ends early, so that memory stays bounded by bytes, too.
constexpr std::int64_t kMostRowGroupBytes = 128LL << 20;
constexpr std::int64_t kFewestRowGroupBytes = 1LL << 20;
// So do row groups of small files, which end with a row group.
constexpr std::int64_t kRowGroupsPerFile = 4;
constexpr std::int64_t kFewestOfSmallFile = 256LL << 10;

std::int64_t row_group_bytes(duckdb::ClientContext& context, std::int64_t target_file_bytes) {
  const std::int64_t fits_memory = std::clamp(memory_limit(context) / 8 / thread_count(context),
                                              kFewestRowGroupBytes, kMostRowGroupBytes);
  return std::min(fits_memory, std::max(target_file_bytes / kRowGroupsPerFile, kFewestOfSmallFile));
}

duckdb::idx_t vector_bytes_of(const duckdb::LogicalType& type) {
  constexpr duckdb::idx_t kValues = STANDARD_VECTOR_SIZE;
  duckdb::idx_t bytes = kValues / 8 + kValues * duckdb::GetTypeIdSize(type.InternalType());
  switch (type.InternalType()) {
    case duckdb::PhysicalType::STRUCT:
      for (const auto& [name, child] : duckdb::StructType::GetChildTypes(type)) {
        bytes += vector_bytes_of(child);
      }
      return bytes;
    case duckdb::PhysicalType::LIST:
      return bytes + vector_bytes_of(duckdb::ListType::GetChildType(type));
    default:
      return bytes;
  }
}

}  // namespace

ParquetFormat::ParquetFormat(duckdb::ClientContext& context, const delta::Schema& schema,
                             const CopyOptions& options, DictionaryLimit dictionary_limit)
    : statistics_(
          delta::physical_schema(options.statistics.value_or(schema), options.column_mapping)),
      row_group_rows_(static_cast<duckdb::idx_t>(options.row_group_rows)),
      row_group_bytes_(static_cast<duckdb::idx_t>(options.row_group_bytes.value_or(
          duck::row_group_bytes(context, options.target_file_bytes)))),
      target_file_bytes_(static_cast<duckdb::idx_t>(options.target_file_bytes)),
      uncompressed_file_bytes_(static_cast<duckdb::idx_t>(options.uncompressed_file_bytes)),
      extension_("." + options.compression + ".parquet"),
      chooses_dictionary_limit_(!dictionary_limit) {
  auto& catalog = duckdb::Catalog::GetSystemCatalog(context);
  function_ =
      &catalog.GetEntry<duckdb::CopyFunctionCatalogEntry>(context, DEFAULT_SCHEMA, "parquet")
           .function;
  options_["compression"] = {duckdb::Value(options.compression)};
  options_["row_group_size"] = {duckdb::Value::UBIGINT(row_group_rows_)};
  if (options.column_mapping != delta::ColumnMapping::kNone) {
    options_["field_ids"] = {field_ids(schema)};
  }
  const delta::Schema in_file = delta::physical_schema(schema, options.column_mapping);
  for (const delta::StructField& field : in_file.fields) {
    names_.push_back(field.name);
    types_.push_back(to_duckdb(field.type));
    vector_bytes_ += vector_bytes_of(types_.back());
  }
  uncounted_columns_ = duck::uncounted_columns(statistics_, in_file);
  bind_data_ = bind(context, dictionary_limit);
}

std::shared_ptr<duckdb::FunctionData> ParquetFormat::bind(duckdb::ClientContext& context,
                                                          DictionaryLimit dictionary_limit) const {
  duckdb::CopyInfo info;
  info.options = options_;
  if (dictionary_limit) {
    info.options["dictionary_size_limit"] = {
        duckdb::Value::BIGINT(static_cast<std::int64_t>(*dictionary_limit))};
  }
  duckdb::CopyFunctionBindInput input(info, function_->function_info);
  return function_->copy_to_bind(context, input, names_, types_);
}

std::shared_ptr<duckdb::FunctionData> ParquetFormat::bind_data(
    duckdb::ClientContext& context, DictionaryLimit dictionary_limit) const {
  return dictionary_limit ? bind(context, dictionary_limit) : bind_data_;
}

duckdb::idx_t ParquetFormat::bytes_of(const duckdb::ColumnDataCollection& rows) const {
  const duckdb::idx_t unfilled = rows.ChunkCount() * STANDARD_VECTOR_SIZE - rows.Count();
  const duckdb::idx_t bytes = rows.SizeInBytes();
  return bytes - std::min(bytes, unfilled * (vector_bytes_ / STANDARD_VECTOR_SIZE));
}

double ParquetFormat::row_groups(const duckdb::ColumnDataCollection& rows) const {
  return std::max(static_cast<double>(rows.Count()) / static_cast<double>(row_group_rows_),
                  static_cast<double>(bytes_of(rows)) / static_cast<double>(row_group_bytes_));
}

duckdb::unique_ptr<duckdb::GlobalFunctionData> ParquetFormat::begin_file(
    duckdb::ClientContext& context, duckdb::FunctionData& bind_data,
    const std::string& path) const {
  auto file = function_->copy_to_initialize_global(context, bind_data, path);
  write_floats_exactly(*file);
  return file;
}

}  // namespace duck
