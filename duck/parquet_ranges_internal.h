// Which bytes of a Parquet file hold what is read, and whether they are those that were written.
#pragma once

#include <cstdint>
#include <duckdb.hpp>
#include <parquet_reader.hpp>
#include <string>
#include <vector>

#include "delta/store.h"

namespace duck {

struct ByteRange {
  std::int64_t offset = 0;
  std::int64_t size = 0;
};

// The footer, with its length and the magic number at the file's end.
ByteRange footer_range(const duckdb::ParquetReader& reader);

// The pages of a row group's columns that `reader` has been asked for, ascending; ranges that meet
// are one.
std::vector<ByteRange> page_ranges(duckdb::ParquetReader& reader, duckdb::idx_t row_group);

// Whether the store keeps checksums of the file; holds the ranges to them. Throws base::Error
// DELTA_STORE_CHECKSUM_MISMATCH.
bool check_ranges(const delta::Store& store, const std::string& path,
                  const std::vector<ByteRange>& ranges);

}  // namespace duck
