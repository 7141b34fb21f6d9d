#include <algorithm>
#include <utility>

#include "duck/partition_files_internal.h"

namespace duck {
namespace {

// Files kept open at once; beyond, the one that was not written to for the longest time is
// finished.
constexpr std::size_t kMaxOpenFiles = 256;
// Rows that take up no more than this, most of it blocks that they leave empty, are copied to
// others.
constexpr duckdb::idx_t kFewBytes = 1ULL << 20;

}  // namespace

GatheredRows PartitionFiles::gather(duckdb::ClientContext& context, const ParquetFormat& format,
                                    RowBuffer& buffer) {
  duckdb::ColumnDataCollection& rows = buffer.rows();
  GatheredRows full;
  const std::lock_guard lock(mutex_);
  if (gathered_.rows &&
      (gathered_.rows->Count() + rows.Count() > format.row_group_rows() ||
       gathered_.rows->SizeInBytes() + rows.SizeInBytes() > format.row_group_bytes())) {
    full = std::exchange(gathered_, {});
  }
  if (!gathered_.rows) {
    gathered_.rows = duckdb::make_uniq<duckdb::ColumnDataCollection>(context, rows.Types());
  }
  if (rows.Count() < STANDARD_VECTOR_SIZE && rows.AllocationSize() <= kFewBytes) {
    for (auto& chunk : rows.Chunks()) gathered_.rows->Append(chunk);
  } else {
    gathered_.rows->Combine(rows);
  }
  add_counts(gathered_.null_counts, buffer.null_counts());
  return full;
}

GatheredRows PartitionFiles::take_gathered() {
  const std::lock_guard lock(mutex_);
  return std::exchange(gathered_, {});
}

WriteFiles::WriteFiles(DataFiles& files, const ParquetFormat& format, std::size_t threads,
                       bool share_files)
    : files_(files), format_(format), threads_(threads), share_files_(share_files) {}

PartitionFiles& WriteFiles::partition(const std::string& key,
                                      const std::function<Partition()>& make) {
  const std::lock_guard lock(mutex_);
  auto& found = partitions_[key];
  if (!found) found = std::make_unique<PartitionFiles>(make());
  return *found;
}

RollingFile* WriteFiles::own_file(PartitionFiles& partition) {
  const std::lock_guard lock(mutex_);
  if (share_files_ || partitions_.size() * threads_ > kMaxOpenFiles) return nullptr;
  return &rolling_.emplace_back(files_, format_, partition.partition());
}

RollingFile& WriteFiles::shared_file(PartitionFiles& partition) {
  const std::lock_guard lock(mutex_);
  if (!partition.shared_) {
    partition.shared_ = &rolling_.emplace_back(files_, format_, partition.partition());
  }
  return *partition.shared_;
}

void WriteFiles::written(duckdb::ClientContext& context, RollingFile& file) {
  RollingFile* oldest = nullptr;
  {
    const std::lock_guard lock(mutex_);
    std::erase(open_, &file);
    open_.push_back(&file);
    if (open_.size() > kMaxOpenFiles) {
      oldest = open_.front();
      open_.erase(open_.begin());
    }
  }
  if (oldest) oldest->close(context);  // unless it is written to, and is told of again
}

void WriteFiles::finish(duckdb::ClientContext& context) {
  for (auto& [key, partition] : partitions_) {
    const GatheredRows rest = partition->take_gathered();
    if (!rest.rows) continue;
    RollingFile& file = shared_file(*partition);
    file.write_row_group(context, *rest.rows, rest.null_counts, false);
    written(context, file);
  }
  for (RollingFile& file : rolling_) file.close(context);
}

}  // namespace duck
