#include "duck/row_gatherer_internal.h"

#include <algorithm>
#include <utility>

#include "duck/memory_reservation_internal.h"

namespace duck {
namespace {

// Partitions that one thread gathers rows for. Of others, a few rows join those that wait; for more
// of them, what is gathered is given up.
constexpr std::int64_t kMostBuffers = 256;
constexpr duckdb::idx_t kFewRows = 64;
// Rows that need not wait for others.
constexpr double kEnough = 0.5;  // of a row group

// What a buffer takes up at least, and keeps in memory while rows are put into it: the vectors that
// it fills, and a block of texts.
std::int64_t buffer_bytes(const ParquetFormat& format) {
  constexpr std::int64_t kBlock = DEFAULT_BLOCK_ALLOC_SIZE;
  return (static_cast<std::int64_t>(format.vector_bytes()) / kBlock + 2) * kBlock;
}

// However many partitions there are, what the buffers of all threads take up at least is no more
// than a quarter of the memory. More rows in them spill.
std::size_t most_buffers(duckdb::ClientContext& context, const ParquetFormat& format) {
  return static_cast<std::size_t>(std::clamp<std::int64_t>(
      memory_limit(context) / 4 / thread_count(context) / buffer_bytes(format), 1, kMostBuffers));
}

}  // namespace

RowGatherer::RowGatherer(duckdb::ClientContext& context, WriteFiles& files,
                         const ParquetFormat& format)
    : context_(context),
      files_(files),
      format_(format),
      most_buffers_(most_buffers(context, format)) {}

void RowGatherer::add(const std::string& key, const std::function<Partition()>& make,
                      duckdb::DataChunk& rows) {
  auto found = buffers_.find(key);
  if (found == buffers_.end()) {
    PartitionFiles& partition = files_.partition(key, make);
    if (buffers_.size() >= most_buffers_ && rows.size() < kFewRows) {
      GatheredRows full = partition.waiting.add(context_, format_, rows);
      if (full.rows) files_.write(context_, partition, std::move(full), false);
      return;
    }
    if (buffers_.size() >= most_buffers_) hand_over();
    found = buffers_.try_emplace(key, Buffer{partition, {}}).first;
  }
  auto& [partition, gathered] = found->second;
  gathered.append(context_, format_, rows);
  if (format_.row_groups(*gathered.rows) >= 1) {
    files_.write(context_, partition, std::exchange(gathered, {}), true);
  }
}

void RowGatherer::hand_over() {
  // One after the other is given up, to free its memory.
  for (auto next = buffers_.begin(); next != buffers_.end(); next = buffers_.erase(next)) {
    auto& [partition, rows] = next->second;
    if (!rows.rows) continue;
    if (format_.row_groups(*rows.rows) < kEnough) {
      rows = partition.waiting.add(format_, std::move(rows));
    }
    if (rows.rows) files_.write(context_, partition, std::move(rows), false);
  }
}

}  // namespace duck
