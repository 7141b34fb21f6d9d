#include <parquet_writer.hpp>
#include <utility>

#include "duck/row_buffer_internal.h"

namespace duck {
namespace {

duckdb::ParquetWriteLocalState& state_of(duckdb::LocalFunctionData& local) {
  return local.Cast<duckdb::ParquetWriteLocalState>();
}

}  // namespace

RowBuffer::RowBuffer(duckdb::ExecutionContext& context, const ParquetFormat& format)
    : format_(&format),
      local_(format.function().copy_to_initialize_local(context, *format.bind_data())) {}

bool RowBuffer::add(duckdb::DataChunk& chunk) {
  auto& state = state_of(*local_);
  count_nulls(chunk, format_->uncounted_columns(), null_counts_);
  state.buffer.Append(state.append_state, chunk);
  return state.buffer.Count() >= format_->row_group_rows() ||
         state.buffer.SizeInBytes() >= format_->row_group_bytes();
}

void RowBuffer::write_to(RollingFile& file, duckdb::ClientContext& context, bool is_whole) {
  auto& state = state_of(*local_);
  state.append_state.current_chunk_state.handles.clear();
  file.write_row_group(context, state.buffer, std::exchange(null_counts_, {}), is_whole);
  state.buffer.InitializeAppend(state.append_state);
}

bool RowBuffer::is_half_full() const {
  return rows().Count() >= format_->row_group_rows() / 2 ||
         rows().SizeInBytes() >= format_->row_group_bytes() / 2;
}

duckdb::ColumnDataCollection& RowBuffer::rows() const { return state_of(*local_).buffer; }

}  // namespace duck
