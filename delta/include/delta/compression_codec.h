// How a table's data files are compressed.
#pragma once

#include <optional>
#include <string>

#include "delta/actions.h"

namespace delta {

// The codec that `text` means in any case: uncompressed (or none), snappy, zstd, gzip, lz4_raw or
// brotli. Nothing for a text that is no codec.
std::optional<std::string> parse_compression_codec(const std::string& text);

// What the table property delta.parquet.compression.codec says. Throws base::Error
// DELTA_PROPERTY_INVALID when that is no codec.
std::optional<std::string> compression_codec(const Metadata& metadata);

}  // namespace delta
