#include "delta/src/path_encoding.h"

#include <gtest/gtest.h>

#include "delta/store.h"  // canonical_path

namespace delta {
namespace {

TEST(PathEncodingTest, ResolvesEscapes) {
  EXPECT_EQ(percent_decode("p=a%20b%252F+%C3%A9%23%3F:/%22f%22"), "p=a b%2F+é#?:/\"f\"");
}

TEST(PathEncodingTest, LeavesAloneWhatIsNoEscape) {
  EXPECT_EQ(percent_decode("100%"), "100%");
  EXPECT_EQ(percent_decode("%zz%4"), "%zz%4");
  EXPECT_EQ(percent_decode("%41"), "A");
}

TEST(PathEncodingTest, FindsTheFileThatAPathNames) {
  EXPECT_EQ(canonical_path("file:///a%20b"), "/a b");
  EXPECT_EQ(canonical_path("file:/a"), "/a");
  EXPECT_EQ(canonical_path("a/b"), "a/b");
  EXPECT_TRUE(is_absolute("/a"));
  EXPECT_TRUE(is_absolute("s3://b/a"));
  EXPECT_FALSE(is_absolute("a/b"));
  EXPECT_FALSE(is_absolute("a/b://c"));
}

}  // namespace
}  // namespace delta
