#include "delta/src/wide_bounds.h"

#include <gtest/gtest.h>

namespace delta {
namespace {

TEST(WideBoundsTest, SayThatBoundsMayBeWide) {
  EXPECT_EQ(with_wide_bounds(R"({"numRecords":3})"), R"({"numRecords":3,"tightBounds":false})");
  EXPECT_EQ(with_wide_bounds("{}"), R"({"tightBounds":false})");
  EXPECT_EQ(with_wide_bounds(R"({"tightBounds": true , "numRecords":3})"),
            R"({"tightBounds": false , "numRecords":3})");
  EXPECT_EQ(with_wide_bounds(R"({"tightBounds":false})"), R"({"tightBounds":false})");
}

TEST(WideBoundsTest, LeaveAColumnOfThatNameAlone) {
  EXPECT_EQ(with_wide_bounds(R"({"minValues":{"tightBounds":true,"d":0.10},"numRecords":1})"),
            R"({"minValues":{"tightBounds":true,"d":0.10},"numRecords":1,"tightBounds":false})");
}

}  // namespace
}  // namespace delta
