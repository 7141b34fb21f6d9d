#include "duck/partition_files_internal.h"

#include <utility>

namespace duck {

WriteFiles::WriteFiles(DataFiles& files, const ParquetFormat& format, WriteFilesOptions options)
    : files_(files), format_(format), options_(options) {}

PartitionFiles& WriteFiles::partition(const std::string& key,
                                      const std::function<Partition()>& make) {
  const std::lock_guard lock(mutex_);
  if (const auto found = partitions_.find(key); found != partitions_.end()) return found->second;
  return partitions_.try_emplace(key, make()).first->second;
}

void WriteFiles::write(duckdb::ClientContext& context, PartitionFiles& partition, GatheredRows rows,
                       bool is_whole) {
  RollingFile& file = file_of_this_thread(partition);
  file.write_row_group(context, std::move(rows), is_whole);
  used(context, file);
}

RollingFile& WriteFiles::new_file(const PartitionFiles& partition) {
  WriterThread* writer = options_.threads > 1 ? &writers_[std::this_thread::get_id()] : nullptr;
  return rolling_.emplace_back(files_, format_, partition.partition, writer);
}

RollingFile& WriteFiles::file_of_this_thread(PartitionFiles& partition) {
  const std::lock_guard lock(mutex_);
  const auto own = partition.of_threads.find(std::this_thread::get_id());
  if (own != partition.of_threads.end()) return *own->second;
  if (!options_.share_files && partitions_.size() * options_.threads <= options_.most_open) {
    return *partition.of_threads.emplace(std::this_thread::get_id(), &new_file(partition))
                .first->second;
  }
  if (!partition.shared) partition.shared = &new_file(partition);
  return *partition.shared;
}

// One that is there: few rows are no reason for one more file.
RollingFile& WriteFiles::file_of_rest(PartitionFiles& partition) {
  for (const auto& [thread, file] : partition.of_threads) {
    if (file->is_open()) return *file;
  }
  return partition.shared ? *partition.shared : file_of_this_thread(partition);
}

void WriteFiles::used(duckdb::ClientContext& context, RollingFile& file) {
  RollingFile* oldest = nullptr;
  {
    const std::lock_guard lock(mutex_);
    std::erase_if(open_,
                  [&](const RollingFile* other) { return other == &file || !other->is_open(); });
    if (file.is_open()) open_.push_back(&file);
    if (open_.size() > options_.most_open) {
      oldest = open_.front();
      open_.erase(open_.begin());
    }
  }
  if (oldest) oldest->close_unless_used(context);  // else it comes back here
}

void WriteFiles::finish(duckdb::ClientContext& context) {
  for (auto& [key, partition] : partitions_) {
    GatheredRows rest = partition.waiting.take();
    if (!rest.rows) continue;
    RollingFile& file = file_of_rest(partition);
    file.write_row_group(context, std::move(rest), false);
    file.close(context);
  }
  for (RollingFile& file : rolling_) file.close(context);
  for (auto& [thread, writer] : writers_) writer.wait();
}

}  // namespace duck
