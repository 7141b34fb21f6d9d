#include <algorithm>
#include <parquet_writer.hpp>
#include <utility>

#include "duck/dictionary_values_internal.h"
#include "duck/rolling_file_internal.h"

namespace duck {
namespace {

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

}  // namespace

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
                                                           const NullCounts& null_counts,
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
    add_counts(current_->file->null_counts, null_counts);
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

void RollingFile::sink(duckdb::ExecutionContext& context, RowBuffer& buffer,
                       duckdb::DataChunk& chunk) {
  auto& local = buffer.rows->Cast<duckdb::ParquetWriteLocalState>();
  count_nulls(chunk, format_.uncounted_columns(), buffer.null_counts);
  local.buffer.Append(local.append_state, chunk);
  if (local.buffer.Count() < format_.row_group_rows() &&
      local.buffer.SizeInBytes() < format_.row_group_bytes()) {
    return;
  }
  local.append_state.current_chunk_state.handles.clear();
  write_row_group(context.client, local.buffer, std::exchange(buffer.null_counts, {}), true);
  local.buffer.InitializeAppend(local.append_state);
}

void RollingFile::write_row_group(duckdb::ClientContext& context,
                                  duckdb::ColumnDataCollection& rows, const NullCounts& null_counts,
                                  bool is_whole) {
  const auto current = acquire(context, rows, null_counts, is_whole);
  duckdb::unique_ptr<duckdb::ParquetWriteTransformData> transform;
  current->file->writer->Cast<duckdb::ParquetWriteGlobalState>().writer->Flush(rows, transform);
  release(context, current);
}

bool RollingFile::makes_row_group(const duckdb::ColumnDataCollection& rows) const {
  return rows.Count() >= format_.row_group_rows() / 2 ||
         rows.SizeInBytes() >= format_.row_group_bytes() / 2;
}

void RollingFile::combine(duckdb::ExecutionContext& context, RowBuffer& buffer) {
  auto& rows = buffer.rows->Cast<duckdb::ParquetWriteLocalState>().buffer;
  if (rows.Count() == 0) return;
  if (makes_row_group(rows)) {
    write_row_group(context.client, rows, buffer.null_counts, false);
    return;
  }
  duckdb::unique_ptr<duckdb::ColumnDataCollection> enough;
  NullCounts nulls_of_enough;
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
    add_counts(gathered_nulls_, buffer.null_counts);
    if (makes_row_group(*gathered_)) {
      enough = std::move(gathered_);
      nulls_of_enough = std::exchange(gathered_nulls_, {});
    }
  }
  if (enough) write_row_group(context.client, *enough, nulls_of_enough, false);
}

void RollingFile::finish(duckdb::ClientContext& context) {
  if (gathered_) write_row_group(context, *gathered_, gathered_nulls_, false);
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
