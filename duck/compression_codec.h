// How a table's data files are compressed.
#pragma once

#include <optional>
#include <string>

#include "delta/actions.h"

namespace duck {

// What other writers of Delta tables use by default, and every reader reads.
inline constexpr const char* kDefaultCompression = "snappy";

// What the table property delta.parquet.compression.codec says (uncompressed, snappy, zstd, gzip,
// lz4_raw, brotli), by DuckDB's name. Throws base::Error DELTA_PROPERTY_INVALID when that is no
// codec.
std::optional<std::string> compression_codec(const delta::Metadata& metadata);

}  // namespace duck
