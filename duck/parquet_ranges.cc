#include <algorithm>
#include <span>

#include "duck/parquet_ranges_internal.h"

namespace duck {
namespace {

ByteRange range_of(const duckdb_parquet::ColumnChunk& chunk) {
  const auto& pages = chunk.meta_data;
  const std::int64_t begin =
      pages.__isset.dictionary_page_offset && pages.dictionary_page_offset > 0
          ? std::min(pages.dictionary_page_offset, pages.data_page_offset)
          : pages.data_page_offset;
  return {begin, pages.total_compressed_size};
}

void append_leaves(const duckdb::ParquetColumnSchema& column,
                   std::span<const duckdb_parquet::ColumnChunk> chunks,
                   std::vector<ByteRange>& ranges) {
  if (column.schema_type == duckdb::ParquetColumnSchemaType::FILE_ROW_NUMBER) return;
  for (const auto& child : column.children) append_leaves(child, chunks, ranges);
  if (column.children.empty() && column.column_index < chunks.size()) {
    ranges.push_back(range_of(chunks[column.column_index]));
  }
}

}  // namespace

ByteRange footer_range(const duckdb::ParquetReader& reader) {
  constexpr std::int64_t kLengthAndMagic = 8;
  const auto size = static_cast<std::int64_t>(reader.metadata->footer_size) + kLengthAndMagic;
  return {static_cast<std::int64_t>(reader.GetFileSize()) - size, size};
}

std::vector<ByteRange> page_ranges(duckdb::ParquetReader& reader, duckdb::idx_t row_group) {
  const auto& group = reader.GetFileMetadata()->row_groups[row_group];
  std::vector<ByteRange> ranges;
  const auto& columns = reader.root_schema->children;
  for (duckdb::idx_t i = 0; i < reader.column_ids.size(); ++i) {
    const duckdb::idx_t column = reader.column_ids[duckdb::MultiFileLocalIndex(i)].GetId();
    if (column < columns.size()) append_leaves(columns[column], group.columns, ranges);
  }
  return ranges;
}

}  // namespace duck
