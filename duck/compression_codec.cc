#include "duck/compression_codec.h"

#include <algorithm>
#include <array>

#include "base/ascii.h"
#include "delta/invalid_property.h"

namespace duck {

std::optional<std::string> compression_codec(const delta::Metadata& metadata) {
  constexpr const char* kProperty = "delta.parquet.compression.codec";
  constexpr std::array kCodecs = {"uncompressed", "snappy", "zstd", "gzip", "lz4_raw", "brotli"};
  const auto property = metadata.configuration.find(kProperty);
  if (property == metadata.configuration.end()) return std::nullopt;
  std::string name = base::lower_case(property->second);
  if (name == "none") return "uncompressed";
  if (std::ranges::find(kCodecs, name) != kCodecs.end()) return name;
  delta::throw_invalid_property(kProperty, property->second, "not a codec");
}

}  // namespace duck
