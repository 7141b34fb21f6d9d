#include "duck/thread_writer_internal.h"

#include <utility>

namespace duck {
namespace {

// Half a row group or more: rows that need not wait for others.
bool are_enough(const duckdb::ColumnDataCollection& rows, const ParquetFormat& format) {
  return rows.Count() >= format.row_group_rows() / 2 ||
         rows.SizeInBytes() >= format.row_group_bytes() / 2;
}

}  // namespace

ThreadWriter::Buffer& ThreadWriter::buffer(const std::string& key,
                                           const std::function<Partition()>& make) {
  if (const auto found = buffers_.find(key); found != buffers_.end()) return found->second;
  PartitionFiles& partition = files_.partition(key, make);
  return buffers_.try_emplace(key, Buffer{partition, RowBuffer(context_, format_)}).first->second;
}

void ThreadWriter::add(Buffer& buffer, duckdb::DataChunk& chunk) {
  if (buffer.rows.add(chunk)) files_.write(context_, buffer.partition, buffer.rows.take(), true);
}

void ThreadWriter::hand_over() {
  // One after the other is given up, to free its memory.
  for (auto next = buffers_.begin(); next != buffers_.end(); next = buffers_.erase(next)) {
    PartitionFiles& partition = next->second.partition;
    GatheredRows rows = next->second.rows.take();
    if (!rows.rows) continue;
    if (!are_enough(*rows.rows, format_)) rows = partition.waiting.add(format_, std::move(rows));
    if (rows.rows) files_.write(context_, partition, std::move(rows), false);
  }
}

}  // namespace duck
