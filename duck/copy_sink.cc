#include "duck/copy_sink_internal.h"

#include <algorithm>
#include <duckdb/function/create_sort_key.hpp>
#include <optional>
#include <unordered_map>

#include "base/error.h"
#include "duck/bucket_access.h"
#include "duck/errors_internal.h"
#include "duck/identity_generation_internal.h"
#include "duck/memory_reservation_internal.h"
#include "duck/partition_files_internal.h"
#include "duck/partition_path_internal.h"
#include "duck/row_gatherer_internal.h"
#include "duck/row_projection_internal.h"
#include "duck/values_internal.h"

namespace duck {
namespace {

using duckdb::ClientContext;
using duckdb::DataChunk;
using duckdb::ExecutionContext;
using duckdb::FunctionData;
using duckdb::GlobalFunctionData;
using duckdb::idx_t;
using duckdb::LocalFunctionData;
using duckdb::Vector;

// Files open at once; in a bucket, those of which all parts together take half of the memory.
constexpr std::int64_t kMaxOpenFiles = 256;

std::shared_ptr<CopyJob> job_of(ClientContext& context) {
  auto job = context.registered_state->Get<CopyJob>(kCopyFormat);
  if (!job) throw duckdb::BinderException("the format %s is not for SQL", kCopyFormat);
  return {job.get(), [job](CopyJob*) {}};
}

std::size_t most_open_files(ClientContext& context, const DataFiles& files) {
  if (!files.are_in_bucket()) return kMaxOpenFiles;
  return static_cast<std::size_t>(
      std::clamp<std::int64_t>(memory_limit(context) / 2 / kMostBytesOfUpload, 1, kMaxOpenFiles));
}

bool equal_names(const std::string& left, const std::string& right) {
  return duckdb::StringUtil::CIEquals(left, right);
}

struct CopyBind : duckdb::TableFunctionData {
  std::shared_ptr<CopyJob> job;
  std::shared_ptr<const ParquetFormat> format;
  std::vector<idx_t> partition_columns;
  std::vector<idx_t> file_columns;
};

struct CopyGlobal : GlobalFunctionData {
  CopyGlobal(ClientContext& context, const CopyBind& bind)
      : job(bind.job),
        format(bind.format),
        files(job->files, *format,
              {.threads = static_cast<std::size_t>(thread_count(context)),
               .most_open = most_open_files(context, job->files),
               .share_files = job->options.share_files}) {}
  // A query that fails destroys what it was bound to before this, while files may be written.
  const std::shared_ptr<CopyJob> job;
  const std::shared_ptr<const ParquetFormat> format;
  WriteFiles files;
};

struct CopyLocal : LocalFunctionData {
  std::optional<RowGatherer> gatherer;
};

// The rows of a chunk, partition by partition.
struct RowsByPartition {
  struct Part {
    std::string key;
    idx_t first_row = 0;  // in the chunk
    idx_t begin = 0;      // in `rows`
    idx_t count = 0;
  };
  std::vector<Part> parts;
  duckdb::SelectionVector rows;
};

// The table's columns, and its checks after them.
Expressions select(duckdb::CopyToSelectInput& input) {
  const auto job = job_of(input.context);
  return inside_duckdb([&] {
    return project_rows(input.context, job->options.directory, job->schema, job->options.rules,
                        std::move(input.select_list));
  });
}

duckdb::unique_ptr<FunctionData> bind(ClientContext& context, duckdb::CopyFunctionBindInput&,
                                      const duckdb::vector<std::string>&,
                                      const duckdb::vector<duckdb::LogicalType>&) {
  return inside_duckdb([&]() -> duckdb::unique_ptr<FunctionData> {
    auto result = duckdb::make_uniq<CopyBind>();
    result->job = job_of(context);
    const auto& fields = result->job->schema.fields;
    const auto& partition_by = result->job->options.partition_by;
    for (const std::string& name : partition_by) {
      const auto field = std::find_if(fields.begin(), fields.end(), [&](const auto& candidate) {
        return equal_names(candidate.name, name);
      });
      if (field == fields.end()) {
        throw base::Error(
            base::Stage::kMaterialization, "DELTA_SCHEMA_MISMATCH",
            "no column for the partition column " + name + " of " + result->job->options.directory,
            {{"path", result->job->options.directory}, {"column", name}});
      }
      result->partition_columns.push_back(static_cast<idx_t>(field - fields.begin()));
    }
    delta::Schema in_files;
    for (idx_t i = 0; i < fields.size(); ++i) {
      const auto& parts = result->partition_columns;
      if (std::find(parts.begin(), parts.end(), i) != parts.end()) continue;
      result->file_columns.push_back(i);
      in_files.fields.push_back(fields[i]);
    }
    result->format =
        std::make_shared<ParquetFormat>(context, std::move(in_files), result->job->options);
    return result;
  });
}

// Several threads write, unless the rows have an order to keep.
duckdb::CopyFunctionExecutionMode execution_mode(bool keep_order, bool) {
  return keep_order ? duckdb::CopyFunctionExecutionMode::REGULAR_COPY_TO_FILE
                    : duckdb::CopyFunctionExecutionMode::PARALLEL_COPY_TO_FILE;
}

duckdb::unique_ptr<GlobalFunctionData> initialize_global(ClientContext& context,
                                                         FunctionData& bind_data,
                                                         const std::string&) {
  return duckdb::make_uniq<CopyGlobal>(context, bind_data.Cast<CopyBind>());
}

duckdb::unique_ptr<LocalFunctionData> initialize_local(ExecutionContext&, FunctionData&) {
  return duckdb::make_uniq<CopyLocal>();
}

// The partition of a row of `chunk`.
Partition partition_of(const CopyBind& bind, DataChunk& chunk, idx_t row) {
  Partition partition;
  for (const idx_t column : bind.partition_columns) {
    const delta::StructField& field = bind.job->schema.fields[column];
    const std::string& name = delta::physical_name(field, bind.job->options.column_mapping);
    const auto value =
        delta::serialize_partition_value(to_delta(chunk.data[column].GetValue(row)), field.type);
    partition.folder /= partition_folder(name, value);
    partition.values[name] = value;
  }
  return partition;
}

// What partitions of columns of that type are told apart by: floating-point numbers by their bits,
// since a sort key has no sign of zero.
duckdb::LogicalType key_type(const duckdb::LogicalType& type) {
  switch (type.id()) {
    case duckdb::LogicalTypeId::FLOAT:
      return duckdb::LogicalType::INTEGER;
    case duckdb::LogicalTypeId::DOUBLE:
      return duckdb::LogicalType::BIGINT;
    default:
      return type;
  }
}

// A text for the partition of each row.
void partition_keys(const CopyBind& bind, DataChunk& chunk, Vector& keys) {
  DataChunk key_columns;
  duckdb::vector<duckdb::LogicalType> types;
  for (const idx_t column : bind.partition_columns) {
    types.push_back(key_type(chunk.data[column].GetType()));
  }
  key_columns.InitializeEmpty(types);
  for (idx_t i = 0; i < bind.partition_columns.size(); ++i) {
    key_columns.data[i].Reinterpret(chunk.data[bind.partition_columns[i]]);
  }
  key_columns.SetCardinality(chunk.size());
  const duckdb::vector<duckdb::OrderModifiers> order(
      types.size(),
      duckdb::OrderModifiers(duckdb::OrderType::ASCENDING, duckdb::OrderByNullType::NULLS_FIRST));
  duckdb::CreateSortKeyHelpers::CreateSortKey(key_columns, order, keys);
  keys.Flatten(chunk.size());
}

// Rows keep their order within each partition.
RowsByPartition split(const CopyBind& bind, DataChunk& chunk) {
  Vector keys(duckdb::LogicalType::BLOB, chunk.size());
  partition_keys(bind, chunk, keys);
  const auto* key_texts = duckdb::FlatVector::GetData<duckdb::string_t>(keys);

  RowsByPartition result;
  std::unordered_map<std::string, std::size_t> part_of_key;
  std::vector<std::size_t> part_of_row(chunk.size());
  for (idx_t row = 0; row < chunk.size(); ++row) {
    if (row > 0 && key_texts[row] == key_texts[row - 1]) {
      part_of_row[row] = part_of_row[row - 1];
    } else {
      std::string key = key_texts[row].GetString();
      const auto [known, is_new] = part_of_key.try_emplace(key, result.parts.size());
      if (is_new) result.parts.push_back({.key = std::move(key), .first_row = row});
      part_of_row[row] = known->second;
    }
    ++result.parts[part_of_row[row]].count;
  }
  std::vector<idx_t> next;  // by part
  idx_t end = 0;
  for (RowsByPartition::Part& part : result.parts) {
    part.begin = end;
    next.push_back(end);
    end += part.count;
  }
  result.rows.Initialize(chunk.size());
  for (idx_t row = 0; row < chunk.size(); ++row) {
    result.rows.set_index(next[part_of_row[row]]++, row);
  }
  return result;
}

// The columns that the files hold, with their names there: only the types differ, in the names of
// nested fields.
void refer_to_file_columns(const CopyBind& bind, DataChunk& chunk, DataChunk& rows) {
  rows.InitializeEmpty(bind.format->types());
  for (idx_t i = 0; i < bind.file_columns.size(); ++i) {
    rows.data[i].Reinterpret(chunk.data[bind.file_columns[i]]);
  }
  rows.SetCardinality(chunk.size());
}

void sink_partitioned(const CopyBind& bind, RowGatherer& gatherer, DataChunk& chunk) {
  RowsByPartition split_rows = split(bind, chunk);
  DataChunk all;
  refer_to_file_columns(bind, chunk, all);
  for (const RowsByPartition::Part& part : split_rows.parts) {
    const auto make = [&] { return partition_of(bind, chunk, part.first_row); };
    if (part.count == chunk.size()) {
      gatherer.add(part.key, make, all);
      continue;
    }
    const duckdb::SelectionVector of_part(split_rows.rows.data() + part.begin);
    DataChunk rows;
    rows.InitializeEmpty(bind.format->types());
    rows.Slice(all, of_part, part.count);
    gatherer.add(part.key, make, rows);
  }
}

void sink_whole(const CopyBind& bind, RowGatherer& gatherer, DataChunk& chunk) {
  DataChunk rows;
  refer_to_file_columns(bind, chunk, rows);
  gatherer.add("", [] { return Partition{}; }, rows);
}

void sink(ExecutionContext& context, FunctionData& bind_data, GlobalFunctionData& global_data,
          LocalFunctionData& local_data, DataChunk& chunk) {
  auto& bind = bind_data.Cast<CopyBind>();
  auto& global = global_data.Cast<CopyGlobal>();
  auto& local = local_data.Cast<CopyLocal>();
  inside_duckdb([&] {
    if (chunk.size() == 0) return;
    bind.job->checkpoint.pass(chunk);
    bind.job->rows += static_cast<std::int64_t>(chunk.size());
    if (!local.gatherer) local.gatherer.emplace(context.client, global.files, *bind.format);
    if (bind.partition_columns.empty()) {
      sink_whole(bind, *local.gatherer, chunk);
    } else {
      sink_partitioned(bind, *local.gatherer, chunk);
    }
  });
}

void combine(ExecutionContext&, FunctionData&, GlobalFunctionData&, LocalFunctionData& local_data) {
  inside_duckdb([&] {
    auto& local = local_data.Cast<CopyLocal>();
    if (local.gatherer) local.gatherer->hand_over();
  });
}

void finalize(ClientContext& context, FunctionData&, GlobalFunctionData& global_data) {
  inside_duckdb([&] { global_data.Cast<CopyGlobal>().files.finish(context); });
}

}  // namespace

void add_copy_format(duckdb::ExtensionLoader& loader) {
  duckdb::CopyFunction function(kCopyFormat);
  function.copy_to_select = select;
  function.copy_to_bind = bind;
  function.execution_mode = execution_mode;
  function.copy_to_initialize_global = initialize_global;
  function.copy_to_initialize_local = initialize_local;
  function.copy_to_sink = sink;
  function.copy_to_combine = combine;
  function.copy_to_finalize = finalize;
  function.extension = "parquet";
  loader.RegisterFunction(function);
  add_identity_function(loader);
}

}  // namespace duck
