#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <duckdb/catalog/catalog.hpp>
#include <duckdb/catalog/catalog_entry/copy_function_catalog_entry.hpp>
#include <duckdb/parser/parsed_data/copy_info.hpp>
#include <parquet_reader.hpp>
#include <parquet_writer.hpp>
#include <set>
#include <system_error>

#include "base/error.h"
#include "base/time.h"
#include "base/uuid.h"
#include "delta/data_file_schema.h"
#include "delta/statistics.h"
#include "duck/data_files_internal.h"
#include "duck/dictionary_values_internal.h"
#include "duck/exact_floats_internal.h"
#include "duck/field_ids_internal.h"
#include "duck/memory_reservation_internal.h"
#include "duck/parquet_statistics_internal.h"
#include "duck/partition_path_internal.h"
#include "duck/types_internal.h"

namespace duck {
namespace {

namespace fs = std::filesystem;

// A row group with wide rows ends early, so that memory stays bounded by bytes, too.
constexpr std::int64_t kMostRowGroupBytes = 128LL << 20;
constexpr std::int64_t kFewestRowGroupBytes = 1LL << 20;
// DuckDB gives up a column's dictionary when one in so many rows has a value of its own.
constexpr duckdb::idx_t kRowsPerDictionaryValue = 5;
// Looking for repetitions where there are none is a good part of what writing costs; up to so many
// values it costs little.
constexpr duckdb::idx_t kCheapDictionary = 8192;
// Every so often a row group is looked at for what dictionaries it needs, which costs about a tenth
// of its writing.
constexpr std::size_t kRowGroupsPerLook = 16;
// Rows that take up no more than this, most of it blocks that they leave empty, are copied to
// others.
constexpr duckdb::idx_t kFewBytes = 1ULL << 20;
constexpr char kNumberFormat[] = "%05zu";
// Each sync waits for the disk; for more files than these, one of the whole file system is faster.
constexpr std::size_t kMostSyncedAlone = 8;

base::Error io_error(const std::string& what, const fs::path& path, int error_number) {
  const bool full = error_number == ENOSPC || error_number == EDQUOT;
  return {base::Stage::kMaterialization,
          full ? "DISK_FULL" : "DATA_FILE_FAILED",
          "cannot " + what + " " + path.string() + ": " + std::strerror(error_number),
          {{"path", path.string()}}};
}

// Calls `sync_call` on the open file or folder at `path`.
template <typename SyncCall>
void sync_with(const fs::path& path, int flags, SyncCall&& sync_call) {
  const int file = ::open(path.c_str(), flags | O_CLOEXEC);
  if (file < 0) throw io_error("open", path, errno);
  const int failed = sync_call(file) == 0 ? 0 : errno;
  ::close(file);
  if (failed != 0) throw io_error("sync", path, failed);
}

void sync_file(const fs::path& path) { sync_with(path, O_RDWR, ::fsync); }
void sync_folder(const fs::path& path) { sync_with(path, O_RDONLY | O_DIRECTORY, ::fsync); }
void sync_file_system_of(const fs::path& folder) {
  sync_with(folder, O_RDONLY | O_DIRECTORY, ::syncfs);
}

std::int64_t modification_ms(const fs::path& path) {
  const auto time = fs::file_time_type::clock::to_sys(fs::last_write_time(path));
  return std::chrono::duration_cast<std::chrono::milliseconds>(time.time_since_epoch()).count();
}

std::string number_text(std::size_t number) {
  char text[32];
  const int length = std::snprintf(text, sizeof text, kNumberFormat, number);
  return {text, static_cast<std::size_t>(length)};
}

std::int64_t row_group_bytes(duckdb::ClientContext& context) {
  return std::clamp(memory_limit(context) / 8 / thread_count(context), kFewestRowGroupBytes,
                    kMostRowGroupBytes);
}

}  // namespace

ParquetFormat::ParquetFormat(duckdb::ClientContext& context, const delta::Schema& schema,
                             const CopyOptions& options, DictionaryLimit dictionary_limit)
    : statistics_(
          delta::physical_schema(options.statistics.value_or(schema), options.column_mapping)),
      row_group_rows_(static_cast<duckdb::idx_t>(options.row_group_rows)),
      row_group_bytes_(static_cast<duckdb::idx_t>(
          options.row_group_bytes.value_or(duck::row_group_bytes(context)))),
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
  for (const delta::StructField& field :
       delta::physical_schema(schema, options.column_mapping).fields) {
    names_.push_back(field.name);
    types_.push_back(to_duckdb(field.type));
  }
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

duckdb::unique_ptr<duckdb::GlobalFunctionData> ParquetFormat::begin_file(
    duckdb::ClientContext& context, duckdb::FunctionData& bind_data,
    const std::string& path) const {
  auto file = function_->copy_to_initialize_global(context, bind_data, path);
  write_floats_exactly(*file);
  return file;
}

DataFiles::DataFiles(fs::path directory, fs::path folder)
    : directory_(std::move(directory)),
      folder_(std::move(folder)),
      bucket_(delta::is_local(directory_.string()) ? nullptr
                                                   : delta::store_for(directory_.string())),
      name_prefix_("part-" + base::random_uuid() + "-") {}

DataFiles::~DataFiles() {
  if (!kept_) remove_all();
}

void DataFiles::make_folder(const fs::path& folder) {
  if (bucket_ || folder.empty() || fs::is_directory(folder)) return;
  make_folder(folder.parent_path());
  std::error_code error;
  if (fs::create_directory(folder, error)) created_folders_.push_back(folder);
  if (error) throw io_error("create the folder", folder, error.value());
}

std::unique_ptr<OpenDataFile> DataFiles::open(duckdb::ClientContext& context,
                                              const ParquetFormat& format,
                                              const Partition& partition,
                                              ParquetFormat::DictionaryLimit dictionary_limit) {
  auto file = std::make_unique<OpenDataFile>();
  file->partition_values = partition.values;
  file->dictionary_limit = dictionary_limit;
  file->bind_data = format.bind_data(context, dictionary_limit);
  {
    const std::lock_guard lock(mutex_);
    const fs::path folder = folder_ / partition.folder;
    make_folder(folder.empty() ? directory_ : directory_ / folder);
    file->path = folder / (name_prefix_ + number_text(next_number_++) + format.extension());
    created_files_.push_back(directory_ / file->path);
  }
  file->writer = format.begin_file(context, *file->bind_data, directory_ / file->path);
  return file;
}

void DataFiles::grown(OpenDataFile& file) {
  if (bucket_) return;
  const std::uint64_t size =
      file.writer->Cast<duckdb::ParquetWriteGlobalState>().writer->FileSize();
  if (size == file.written_back) return;
  write_back_.add(directory_ / file.path, file.written_back, size);
  file.written_back = size;
}

void DataFiles::finish(duckdb::ClientContext& context, const ParquetFormat& format,
                       std::unique_ptr<OpenDataFile> file) {
  format.function().copy_to_finalize(context, *file->bind_data, *file->writer);
  const fs::path path = directory_ / file->path;
  duckdb::ParquetReader reader(context, duckdb::OpenFileInfo(path.string()),
                               duckdb::ParquetOptions(context));
  delta::AddFile add;
  add.path = log_path(file->path.string());
  add.partition_values = std::move(file->partition_values);
  add.size = static_cast<std::int64_t>(reader.GetHandle().GetFileSize());
  if (!bucket_) write_back_.add(path, file->written_back, static_cast<std::uint64_t>(add.size));
  add.modification_time = bucket_ ? base::now_ms() : modification_ms(path);
  add.stats = delta::to_json(file_statistics(*reader.GetFileMetadata(), format.statistics()));
  const std::lock_guard lock(mutex_);
  finished_.push_back(std::move(add));
}

void DataFiles::sync_all() const {
  if (bucket_) return;  // an object is durable when it is there
  if (created_files_.size() > kMostSyncedAlone) {
    sync_file_system_of(directory_);
    return;
  }
  std::set<fs::path> folders;
  for (const fs::path& file : created_files_) {
    sync_file(file);
    folders.insert(file.parent_path());
  }
  for (const fs::path& folder : created_folders_) folders.insert(folder.parent_path());
  for (const fs::path& folder : folders) sync_folder(folder);
}

std::vector<delta::AddFile> DataFiles::keep() {
  const std::lock_guard lock(mutex_);
  sync_all();
  kept_ = true;
  std::sort(finished_.begin(), finished_.end(),
            [](const auto& left, const auto& right) { return left.path < right.path; });
  return std::move(finished_);
}

void DataFiles::remove_file(const fs::path& file) const noexcept {
  if (!bucket_) {
    std::error_code ignored;
    fs::remove(file, ignored);
    return;
  }
  try {
    bucket_->remove(file.string());
  } catch (const base::Error&) {
    return;  // it stays until a vacuum
  }
}

void DataFiles::remove_all() noexcept {
  const std::lock_guard lock(mutex_);
  std::error_code ignored;
  for (const fs::path& file : created_files_) remove_file(file);
  // A folder that others use by now is not empty, and stays.
  for (auto folder = created_folders_.rbegin(); folder != created_folders_.rend(); ++folder) {
    fs::remove(*folder, ignored);
  }
  created_files_.clear();
  created_folders_.clear();
  finished_.clear();
}

RollingFile::RollingFile(DataFiles& files, const ParquetFormat& format, Partition partition)
    : files_(files), format_(format), partition_(std::move(partition)) {}

// The first row group decides; where a later one has more, the next file has DuckDB's own limit.
void RollingFile::choose_dictionary_limit(const duckdb::ColumnDataCollection& rows) {
  if (!format_.chooses_dictionary_limit() || row_groups_++ % kRowGroupsPerLook != 0) return;
  const duckdb::idx_t most = format_.row_group_rows() / kRowsPerDictionaryValue;
  const duckdb::idx_t needed = dictionary_values(rows, most);
  if (row_groups_ == 1) {
    const duckdb::idx_t with_reserve = std::max(needed + needed / 2, kCheapDictionary);
    if (with_reserve < most) dictionary_limit_ = with_reserve;
  } else if (dictionary_limit_ && needed > *dictionary_limit_) {
    dictionary_limit_.reset();
  }
}

bool RollingFile::is_full(const OpenDataFile& file) const {
  return (file.dictionary_limit && !dictionary_limit_) ||
         file.uncompressed_bytes >= format_.uncompressed_file_bytes() ||
         format_.function().rotate_next_file(*file.writer, *file.bind_data,
                                             format_.target_file_bytes());
}

std::shared_ptr<RollingFile::Current> RollingFile::acquire(duckdb::ClientContext& context,
                                                           const duckdb::ColumnDataCollection& rows,
                                                           bool is_whole) {
  std::unique_ptr<OpenDataFile> full;
  std::shared_ptr<Current> current;
  {
    const std::lock_guard lock(mutex_);
    if (is_whole) choose_dictionary_limit(rows);
    if (current_ && is_full(*current_->file)) {
      current_->retired = true;
      if (current_->users == 0) full = std::move(current_->file);
      current_.reset();
    }
    if (!current_) {
      // Another thread may come here after one that could not open the file.
      auto opened = std::make_shared<Current>();
      opened->file = files_.open(context, format_, partition_, dictionary_limit_);
      current_ = std::move(opened);
      open_ = true;
    }
    files_.grown(*current_->file);
    current_->file->uncompressed_bytes += rows.SizeInBytes();
    current = current_;
    ++current->users;
  }
  if (full) files_.finish(context, format_, std::move(full));
  return current;
}

void RollingFile::release(duckdb::ClientContext& context, const std::shared_ptr<Current>& current) {
  std::unique_ptr<OpenDataFile> full;
  {
    const std::lock_guard lock(mutex_);
    if (--current->users == 0 && current->retired) full = std::move(current->file);
  }
  if (full) files_.finish(context, format_, std::move(full));
}

void RollingFile::sink(duckdb::ExecutionContext& context, duckdb::LocalFunctionData& buffer,
                       duckdb::DataChunk& chunk) {
  auto& local = buffer.Cast<duckdb::ParquetWriteLocalState>();
  local.buffer.Append(local.append_state, chunk);
  if (local.buffer.Count() < format_.row_group_rows() &&
      local.buffer.SizeInBytes() < format_.row_group_bytes()) {
    return;
  }
  local.append_state.current_chunk_state.handles.clear();
  write_row_group(context.client, local.buffer, true);
  local.buffer.InitializeAppend(local.append_state);
}

void RollingFile::write_row_group(duckdb::ClientContext& context,
                                  duckdb::ColumnDataCollection& rows, bool is_whole) {
  const auto current = acquire(context, rows, is_whole);
  duckdb::unique_ptr<duckdb::ParquetWriteTransformData> transform;
  current->file->writer->Cast<duckdb::ParquetWriteGlobalState>().writer->Flush(rows, transform);
  release(context, current);
}

bool RollingFile::makes_row_group(const duckdb::ColumnDataCollection& rows) const {
  return rows.Count() >= format_.row_group_rows() / 2 ||
         rows.SizeInBytes() >= format_.row_group_bytes() / 2;
}

void RollingFile::combine(duckdb::ExecutionContext& context, duckdb::LocalFunctionData& buffer) {
  auto& rows = buffer.Cast<duckdb::ParquetWriteLocalState>().buffer;
  if (rows.Count() == 0) return;
  if (makes_row_group(rows)) {
    write_row_group(context.client, rows, false);
    return;
  }
  duckdb::unique_ptr<duckdb::ColumnDataCollection> enough;
  {
    const std::lock_guard lock(mutex_);
    if (!gathered_) {
      gathered_ = duckdb::make_uniq<duckdb::ColumnDataCollection>(context.client, rows.Types());
    }
    if (rows.Count() < STANDARD_VECTOR_SIZE && rows.AllocationSize() <= kFewBytes) {
      for (auto& chunk : rows.Chunks()) gathered_->Append(chunk);
    } else {
      gathered_->Combine(rows);
    }
    if (makes_row_group(*gathered_)) enough = std::move(gathered_);
  }
  if (enough) write_row_group(context.client, *enough, false);
}

void RollingFile::finish(duckdb::ClientContext& context) {
  if (gathered_) write_row_group(context, *gathered_, false);
  gathered_.reset();
  close(context);
}

bool RollingFile::close(duckdb::ClientContext& context) {
  std::unique_ptr<OpenDataFile> file;
  {
    const std::lock_guard lock(mutex_);
    if (!current_ || current_->users > 0) return false;
    file = std::move(current_->file);
    current_.reset();
    open_ = false;
  }
  files_.finish(context, format_, std::move(file));
  return true;
}

}  // namespace duck
