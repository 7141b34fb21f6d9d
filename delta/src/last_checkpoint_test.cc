#include "delta/src/last_checkpoint.h"

#include <gtest/gtest.h>

#include "delta/src/md5.h"

namespace delta {
namespace {

TEST(LastCheckpointTest, BearsItsChecksum) {
  const LastCheckpoint hint{
      .version = 7, .size = 12, .parts = std::nullopt, .size_in_bytes = 345, .live_files = 6};
  const std::string canonical = R"("numOfAddFiles"=6,"size"=12,"sizeInBytes"=345,"version"=7)";
  EXPECT_EQ(to_json(hint), R"({"checksum":")" + md5_hex(canonical) +
                               R"(","numOfAddFiles":6,"size":12,"sizeInBytes":345,"version":7})");
}

}  // namespace
}  // namespace delta
