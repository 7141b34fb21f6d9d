#include "duck/row_buffer_internal.h"

#include <utility>

namespace duck {

bool RowBuffer::add(duckdb::DataChunk& chunk) {
  if (!gathered_.rows) {
    gathered_.rows = duckdb::make_uniq<duckdb::ColumnDataCollection>(context_, format_.types());
    gathered_.rows->SetPartitionIndex(0);  // spilled after what operators hold
  }
  count_nulls(chunk, format_.uncounted_columns(), gathered_.null_counts);
  // Without an append state, which would keep the rows of its chunk in memory.
  gathered_.rows->Append(chunk);
  return gathered_.rows->Count() >= format_.row_group_rows() ||
         format_.bytes_of(*gathered_.rows) >= format_.row_group_bytes();
}

GatheredRows RowBuffer::take() { return std::exchange(gathered_, {}); }

}  // namespace duck
