#include "delta/src/md5.h"

#include <gtest/gtest.h>

namespace delta {
namespace {

// RFC 1321, "Test suite", and the example of PROTOCOL.md, "JSON checksum".
TEST(Md5Test, IsThatOfTheRfc) {
  EXPECT_EQ(md5_hex(""), "d41d8cd98f00b204e9800998ecf8427e");
  EXPECT_EQ(md5_hex("abc"), "900150983cd24fb0d6963f7d28e17f72");
  EXPECT_EQ(md5_hex("12345678901234567890123456789012345678901234567890123456789012345678901234567"
                    "890"),
            "57edf4a22be3c955ac49da2e2107b67a");
  EXPECT_EQ(md5_hex(R"("k0"="%27v%200%27","k1"+"k2"=2,"k1"+"k3"+0="v3","k1"+"k3"+1+0=1,)"
                    R"("k1"+"k3"+1+1=2,"k1"+"k3"+2+"k4"="v4","k1"+"k3"+2+"k5"+0="v5",)"
                    R"("k1"+"k3"+2+"k5"+1="v6","k1"+"k3"+2+"k5"+2="v7")"),
            "6a92d155a59bf2eecbd4b4ec7fd1f875");
}

}  // namespace
}  // namespace delta
