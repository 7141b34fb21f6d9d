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

bool RollingFile::is_full(const Current& current) const {
  const OpenDataFile& file = *current.file;
  // What is on its way counts, which may be a row group of each thread: as large as what was
  // written before, for its rows. Of the first ones, nobody knows.
  const double compression =
      written_from_ == 0 ? 0.0
                         : static_cast<double>(written_bytes_) / static_cast<double>(written_from_);
  const double bytes =
      static_cast<double>(file.known_bytes) +
      static_cast<double>(file.uncompressed_bytes - current.written_from) * compression;
  return (file.dictionary_limit && !dictionary_limit_) ||
         file.uncompressed_bytes >= format_.uncompressed_file_bytes() ||
         bytes > static_cast<double>(format_.target_file_bytes());
}

std::shared_ptr<RollingFile::Current> RollingFile::acquire(duckdb::ClientContext& context,
                                                           const GatheredRows& rows,
                                                           duckdb::idx_t rows_bytes,
                                                           bool is_whole) {
  Retired retired;
  std::shared_ptr<Current> current;
  {
    const std::lock_guard lock(mutex_);
    if (is_whole) choose_dictionary_limit(*rows.rows);
    if (current_ && is_full(*current_)) retired = retire();
    if (!current_) {
      // Another thread may come here after one that could not open the file.
      auto opened = std::make_shared<Current>();
      opened->file = files_.open(context, format_, partition_, dictionary_limit_);
      current_ = std::move(opened);
      open_ = true;
    }
    current_->file->uncompressed_bytes += rows_bytes;
    add_counts(current_->file->null_counts, rows.null_counts);
    current = current_;
    ++current->encoding;
    ++current->unwritten;
  }
  finish(context, std::move(retired));
  return current;
}

void RollingFile::after_encoding(Current& current) {
  const std::lock_guard lock(mutex_);
  --current.encoding;
}

void RollingFile::after_writing(duckdb::ClientContext& context, Current& current,
                                duckdb::idx_t rows_bytes) {
  std::unique_ptr<OpenDataFile> last;
  {
    const std::lock_guard lock(mutex_);
    written_bytes_ += files_.grown(*current.file);
    written_from_ += rows_bytes;
    current.written_from += rows_bytes;
    if (--current.unwritten == 0 && current.retired) last = std::move(current.file);
  }
  if (last) files_.finish(context, format_, *last);
}

// The current file is none then. It is finished with its last row group.
RollingFile::Retired RollingFile::retire() {
  current_->retired = true;
  Retired retired = current_->unwritten == 0 ? std::move(current_->file) : nullptr;
  current_.reset();
  open_ = false;
  return retired;
}

void RollingFile::finish(duckdb::ClientContext& context, Retired file) {
  if (!file) return;
  have_done([this, &context, file = std::move(file)] { files_.finish(context, format_, *file); });
}

void RollingFile::have_done(std::function<void()> work) {
  if (writer_) {
    writer_->start(std::move(work));
  } else {
    work();
  }
}

void RollingFile::write_row_group(duckdb::ClientContext& context, GatheredRows rows,
                                  bool is_whole) {
  // So that what is encoded does not pile up in memory.
  if (writer_) writer_->wait();
  const duckdb::idx_t rows_bytes = format_.bytes_of(*rows.rows);
  const auto current = acquire(context, rows, rows_bytes, is_whole);
  duckdb::unique_ptr<duckdb::ParquetWriteTransformData> transform;
  auto& writer = *current->file->writer->Cast<duckdb::ParquetWriteGlobalState>().writer;
  const auto row_group = std::make_shared<duckdb::PreparedRowGroup>();
  writer.PrepareRowGroup(*rows.rows, *row_group, transform);
  rows = {};
  after_encoding(*current);
  have_done([this, &context, &writer, current, row_group, rows_bytes] {
    writer.FlushRowGroup(*row_group);
    after_writing(context, *current, rows_bytes);
  });
}

void RollingFile::close(duckdb::ClientContext& context) { close(context, true); }

void RollingFile::close_unless_used(duckdb::ClientContext& context) { close(context, false); }

void RollingFile::close(duckdb::ClientContext& context, bool even_if_used) {
  Retired retired;
  {
    const std::lock_guard lock(mutex_);
    if (current_ && (even_if_used || current_->encoding == 0)) retired = retire();
  }
  finish(context, std::move(retired));
}

}  // namespace duck
