#include "duck/gathered_rows_internal.h"

namespace duck {
namespace {

// Rows of less than a chunk that take up no more than this are copied to others: their vectors are
// hardly filled.
constexpr duckdb::idx_t kFewBytes = 1ULL << 20;

}  // namespace

void GatheredRows::append(duckdb::ClientContext& context, const ParquetFormat& format,
                          duckdb::DataChunk& chunk) {
  if (!rows) {
    rows = duckdb::make_uniq<duckdb::ColumnDataCollection>(context, format.types());
    rows->SetPartitionIndex(0);  // spilled after what operators hold
  }
  count_nulls(chunk, format.uncounted_columns(), null_counts);
  // Without an append state, which would keep the rows of its chunk in memory.
  rows->Append(chunk);
}

void GatheredRows::append(const ParquetFormat& format, GatheredRows more) {
  if (more.rows->Count() < STANDARD_VECTOR_SIZE && format.bytes_of(*more.rows) <= kFewBytes) {
    for (auto& chunk : more.rows->Chunks()) rows->Append(chunk);
  } else {
    rows->Combine(*more.rows);
  }
  add_counts(null_counts, more.null_counts);
}

}  // namespace duck
