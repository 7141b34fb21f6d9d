#include <algorithm>
#include <span>
#include <utility>

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

// What a footer says of pages need not be so.
bool is_range(const ByteRange& range) { return range.offset >= 0 && range.size > 0; }

std::vector<ByteRange> merged(std::vector<ByteRange> ranges) {
  std::erase_if(ranges, [](const ByteRange& range) { return !is_range(range); });
  std::ranges::sort(ranges, {}, &ByteRange::offset);
  std::vector<ByteRange> out;
  for (const ByteRange& range : ranges) {
    if (!out.empty() && range.offset - out.back().offset <= out.back().size) {
      out.back().size = std::max(out.back().size, range.offset - out.back().offset + range.size);
    } else {
      out.push_back(range);
    }
  }
  return out;
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
  return merged(std::move(ranges));
}

bool check_ranges(const delta::Store& store, const std::string& path,
                  const std::vector<ByteRange>& ranges) {
  return std::ranges::all_of(ranges, [&](const ByteRange& range) {
    return store.check_range(path, range.offset, range.size);
  });
}

}  // namespace duck
