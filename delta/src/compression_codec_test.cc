#include "delta/compression_codec.h"

#include <gtest/gtest.h>

#include "base/error.h"

namespace delta {
namespace {

std::optional<std::string> codec_of(const std::string& value) {
  Metadata metadata;
  metadata.configuration = {{"delta.parquet.compression.codec", value}};
  return compression_codec(metadata);
}

TEST(CompressionCodec, IsTheOneOfTheTable) {
  EXPECT_EQ(codec_of("ZSTD"), "zstd");
  EXPECT_EQ(codec_of("none"), "uncompressed");
  EXPECT_EQ(compression_codec({}), std::nullopt);
}

TEST(CompressionCodec, IsRefusedWhenItIsNone) { EXPECT_THROW(codec_of("rar"), base::Error); }

}  // namespace
}  // namespace delta
