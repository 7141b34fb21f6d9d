#include "duck/row_buffer_internal.h"

#include <utility>

namespace duck {

bool RowBuffer::add(duckdb::DataChunk& chunk) {
  if (!gathered_.rows) {
    gathered_.rows = duckdb::make_uniq<duckdb::ColumnDataCollection>(context_, format_.types());
    gathered_.rows->SetPartitionIndex(0);  // spilled after what operators hold
    gathered_.rows->InitializeAppend(append_state_);
  }
  count_nulls(chunk, format_.uncounted_columns(), gathered_.null_counts);
  gathered_.rows->Append(append_state_, chunk);
  return gathered_.rows->Count() >= format_.row_group_rows() ||
         gathered_.rows->SizeInBytes() >= format_.row_group_bytes();
}

GatheredRows RowBuffer::take() {
  append_state_.current_chunk_state.handles.clear();  // they would keep the rows in memory
  return std::exchange(gathered_, {});
}

}  // namespace duck
