#include "duck/thread_writer_internal.h"

namespace duck {

ThreadWriter::Buffer* ThreadWriter::find(const std::string& key) {
  const auto found = buffers_.find(key);
  return found == buffers_.end() ? nullptr : &found->second;
}

ThreadWriter::Buffer& ThreadWriter::begin(duckdb::ExecutionContext& context, const std::string& key,
                                          PartitionFiles& partition) {
  return buffers_.try_emplace(key, Buffer{partition, RowBuffer(context, format_)}).first->second;
}

void ThreadWriter::add(duckdb::ExecutionContext& context, Buffer& buffer,
                       duckdb::DataChunk& chunk) {
  if (!buffer.rows.add(chunk)) return;
  RollingFile& file = file_of(buffer.partition);
  buffer.rows.write_to(file, context.client, true);
  files_.written(context.client, file);
}

void ThreadWriter::hand_over(duckdb::ClientContext& context) {
  for (auto& [key, buffer] : buffers_) hand_over(context, buffer, false);
  buffers_.clear();
}

void ThreadWriter::finish(duckdb::ClientContext& context) {
  for (auto& [key, buffer] : buffers_) hand_over(context, buffer, true);
  buffers_.clear();
  for (const auto& [partition, file] : own_files_) file->close(context);
  own_files_.clear();
}

void ThreadWriter::hand_over(duckdb::ClientContext& context, Buffer& buffer, bool is_last) {
  if (buffer.rows.rows().Count() == 0) return;
  // At the end few rows are no reason for one more file, but one more row group does no harm.
  if (buffer.rows.is_half_full() || (is_last && has_open_file(buffer.partition))) {
    RollingFile& file = file_of(buffer.partition);
    buffer.rows.write_to(file, context, false);
    files_.written(context, file);
    return;
  }
  const GatheredRows full = buffer.partition.gather(context, format_, buffer.rows);
  if (!full.rows) return;
  RollingFile& file = file_of(buffer.partition);
  file.write_row_group(context, *full.rows, full.null_counts, false);
  files_.written(context, file);
}

RollingFile& ThreadWriter::file_of(PartitionFiles& partition) {
  if (const auto own = own_files_.find(&partition); own != own_files_.end()) return *own->second;
  RollingFile* own = files_.own_file(partition);
  if (!own) return files_.shared_file(partition);
  own_files_.emplace(&partition, own);
  return *own;
}

bool ThreadWriter::has_open_file(PartitionFiles& partition) const {
  const auto own = own_files_.find(&partition);
  return own != own_files_.end() && own->second->is_open();
}

}  // namespace duck
