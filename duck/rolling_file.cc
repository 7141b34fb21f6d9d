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

}  // namespace

RollingFile::RollingFile(DataFiles& files, const ParquetFormat& format, const Partition& partition,
                         WriterThread* writer)
    : files_(files), format_(format), partition_(partition), writer_(writer) {}

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
                                                           const GatheredRows& rows,
                                                           bool is_whole) {
  Full full;
  std::shared_ptr<Current> current;
  {
    const std::lock_guard lock(mutex_);
    if (is_whole) choose_dictionary_limit(*rows.rows);
    if (current_ && is_full(*current_->file)) full = retire();
    if (!current_) {
      // Another thread may come here after one that could not open the file.
      auto opened = std::make_shared<Current>();
      opened->file = files_.open(context, format_, partition_, dictionary_limit_);
      current_ = std::move(opened);
      open_ = true;
    }
    files_.grown(*current_->file);
    current_->file->uncompressed_bytes += format_.bytes_of(*rows.rows);
    add_counts(current_->file->null_counts, rows.null_counts);
    current = current_;
    ++current->users;
  }
  finish(context, std::move(full));
  return current;
}

void RollingFile::release(duckdb::ClientContext& context, const std::shared_ptr<Current>& current) {
  std::unique_ptr<OpenDataFile> full;
  {
    const std::lock_guard lock(mutex_);
    if (--current->users == 0 && current->retired) full = std::move(current->file);
  }
  if (full) files_.finish(context, format_, *full);
}

// The current file is none then. Who is the last to use it finishes it.
RollingFile::Full RollingFile::retire() {
  current_->retired = true;
  Full full = current_->users == 0 ? std::move(current_->file) : nullptr;
  current_.reset();
  open_ = false;
  return full;
}

void RollingFile::finish(duckdb::ClientContext& context, Full file) {
  if (!file) return;
  run([this, &context, file = std::move(file)] { files_.finish(context, format_, *file); });
}

void RollingFile::run(std::function<void()> work) {
  if (writer_) {
    writer_->run(std::move(work));
  } else {
    work();
  }
}

void RollingFile::write_row_group(duckdb::ClientContext& context, GatheredRows rows,
                                  bool is_whole) {
  if (writer_) writer_->wait();  // so that the size of the file is known
  const auto current = acquire(context, rows, is_whole);
  duckdb::unique_ptr<duckdb::ParquetWriteTransformData> transform;
  auto& writer = *current->file->writer->Cast<duckdb::ParquetWriteGlobalState>().writer;
  const auto row_group = std::make_shared<duckdb::PreparedRowGroup>();
  writer.PrepareRowGroup(*rows.rows, *row_group, transform);
  rows = {};
  run([this, &context, &writer, current, row_group] {
    writer.FlushRowGroup(*row_group);
    release(context, current);
  });
}

void RollingFile::close(duckdb::ClientContext& context) {
  Full full;
  {
    const std::lock_guard lock(mutex_);
    if (current_) full = retire();
  }
  finish(context, std::move(full));
}

void RollingFile::close_unless_used(duckdb::ClientContext& context) {
  Full full;
  {
    const std::lock_guard lock(mutex_);
    if (current_ && current_->users == 0) full = retire();
  }
  finish(context, std::move(full));
}

}  // namespace duck
