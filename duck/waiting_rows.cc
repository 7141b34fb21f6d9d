#include "duck/waiting_rows_internal.h"

#include <utility>

namespace duck {
namespace {

// Rows of less than a chunk that take up no more than this are copied to others: their vectors are
// hardly filled.
constexpr duckdb::idx_t kFewBytes = 1ULL << 20;

}  // namespace

GatheredRows WaitingRows::add(const ParquetFormat& format, GatheredRows more) {
  duckdb::ColumnDataCollection& rows = *more.rows;
  const std::lock_guard lock(mutex_);
  if (!waiting_.rows || waiting_.rows->Count() + rows.Count() > format.row_group_rows() ||
      format.bytes_of(*waiting_.rows) + format.bytes_of(rows) > format.row_group_bytes()) {
    return std::exchange(waiting_, std::move(more));
  }
  if (rows.Count() < STANDARD_VECTOR_SIZE && format.bytes_of(rows) <= kFewBytes) {
    for (auto& chunk : rows.Chunks()) waiting_.rows->Append(chunk);
  } else {
    waiting_.rows->Combine(rows);
  }
  add_counts(waiting_.null_counts, more.null_counts);
  return {};
}

GatheredRows WaitingRows::add(duckdb::ClientContext& context, const ParquetFormat& format,
                              duckdb::DataChunk& more) {
  GatheredRows full;
  const std::lock_guard lock(mutex_);
  if (waiting_.rows && (waiting_.rows->Count() + more.size() > format.row_group_rows() ||
                        format.bytes_of(*waiting_.rows) >= format.row_group_bytes())) {
    full = std::exchange(waiting_, {});
  }
  if (!waiting_.rows) {
    waiting_.rows = duckdb::make_uniq<duckdb::ColumnDataCollection>(context, format.types());
  }
  count_nulls(more, format.uncounted_columns(), waiting_.null_counts);
  waiting_.rows->Append(more);
  return full;
}

GatheredRows WaitingRows::take() {
  const std::lock_guard lock(mutex_);
  return std::exchange(waiting_, {});
}

}  // namespace duck
