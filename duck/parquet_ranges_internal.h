// Which bytes of a Parquet file are read.
#pragma once

#include <cstdint>
#include <duckdb.hpp>
#include <parquet_reader.hpp>
#include <vector>

namespace duck {

struct ByteRange {
  std::int64_t offset = 0;
  std::int64_t size = 0;
};

// The footer, with its length and the magic number at the file's end.
ByteRange footer_range(const duckdb::ParquetReader& reader);

// The pages of a row group's columns that `reader` has been asked for.
std::vector<ByteRange> page_ranges(duckdb::ParquetReader& reader, duckdb::idx_t row_group);

}  // namespace duck
