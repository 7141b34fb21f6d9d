#include "delta/compression_codec.h"

#include <algorithm>
#include <array>

#include "base/ascii.h"
#include "delta/invalid_property.h"

namespace delta {

std::optional<std::string> parse_compression_codec(const std::string& text) {
  constexpr std::array kCodecs = {"uncompressed", "snappy", "zstd", "gzip", "lz4_raw", "brotli"};
  std::string name = base::lower_case(text);
  if (name == "none") return "uncompressed";
  if (std::ranges::find(kCodecs, name) == kCodecs.end()) return std::nullopt;
  return name;
}

std::optional<std::string> compression_codec(const Metadata& metadata) {
  constexpr const char* kProperty = "delta.parquet.compression.codec";
  const auto property = metadata.configuration.find(kProperty);
  if (property == metadata.configuration.end()) return std::nullopt;
  if (auto codec = parse_compression_codec(property->second)) return codec;
  throw_invalid_property(kProperty, property->second, "not a codec");
}

}  // namespace delta
