#include <algorithm>
#include <chrono>
#include <cstdio>
#include <map>
#include <parquet_reader.hpp>
#include <parquet_writer.hpp>
#include <set>
#include <system_error>
#include <utility>

#include "base/error.h"
#include "base/time.h"
#include "base/uuid.h"
#include "delta/statistics.h"
#include "duck/data_files_internal.h"
#include "duck/durable_file.h"
#include "duck/parquet_statistics_internal.h"
#include "duck/partition_path_internal.h"

namespace duck {
namespace {

namespace fs = std::filesystem;

constexpr base::Stage kStage = base::Stage::kMaterialization;
constexpr char kNumberFormat[] = "%05zu";
// Each sync waits for the disk; for more files than these, one of the whole file system is faster.
constexpr std::size_t kMostSyncedAlone = 8;

std::int64_t modification_ms(const fs::path& path) {
  const auto time = fs::file_time_type::clock::to_sys(fs::last_write_time(path));
  return std::chrono::duration_cast<std::chrono::milliseconds>(time.time_since_epoch()).count();
}

std::string number_text(std::size_t number) {
  char text[32];
  const int length = std::snprintf(text, sizeof text, kNumberFormat, number);
  return {text, static_cast<std::size_t>(length)};
}

}  // namespace

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
  if (error) throw file_error(kStage, "create the folder", folder, error.value());
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

duckdb::idx_t DataFiles::grown(OpenDataFile& file) {
  const duckdb::idx_t size =
      file.writer->Cast<duckdb::ParquetWriteGlobalState>().writer->FileSize();
  const duckdb::idx_t before = std::exchange(file.known_bytes, size);
  if (!bucket_) write_back_.add(directory_ / file.path, before, size);
  return size - before;
}

void DataFiles::finish(duckdb::ClientContext& context, const ParquetFormat& format,
                       OpenDataFile& file) {
  format.function().copy_to_finalize(context, *file.bind_data, *file.writer);
  const fs::path path = directory_ / file.path;
  duckdb::ParquetReader reader(context, duckdb::OpenFileInfo(path.string()),
                               duckdb::ParquetOptions(context));
  delta::AddFile add;
  add.path = log_path(file.path.string());
  add.partition_values = std::move(file.partition_values);
  add.size = static_cast<std::int64_t>(reader.GetHandle().GetFileSize());
  if (!bucket_) write_back_.add(path, file.known_bytes, static_cast<std::uint64_t>(add.size));
  add.modification_time = bucket_ ? base::now_ms() : modification_ms(path);
  std::map<std::vector<std::string>, std::int64_t> null_counts;
  for (std::size_t i = 0; i < file.null_counts.size(); ++i) {
    null_counts.emplace(format.uncounted_columns()[i].path, file.null_counts[i]);
  }
  add.stats =
      delta::to_json(file_statistics(*reader.GetFileMetadata(), format.statistics(), null_counts));
  const std::lock_guard lock(mutex_);
  finished_.push_back(std::move(add));
}

void DataFiles::sync_all() const {
  if (bucket_) return;  // an object is durable when it is there
  if (created_files_.size() > kMostSyncedAlone) {
    sync_file_system_of(directory_, kStage);
    return;
  }
  std::set<fs::path> folders;
  for (const fs::path& file : created_files_) {
    sync_file(file, kStage);
    folders.insert(file.parent_path());
  }
  for (const fs::path& folder : created_folders_) folders.insert(folder.parent_path());
  for (const fs::path& folder : folders) sync_folder(folder, kStage);
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

}  // namespace duck
