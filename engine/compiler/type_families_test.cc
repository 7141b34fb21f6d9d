#include "engine/compiler/type_families.h"

#include <gtest/gtest.h>

namespace engine {
namespace {

TEST(TypeFamilies, CastsWithinASortAndThroughText) {
  EXPECT_TRUE(castable("INTEGER", "BIGINT"));
  EXPECT_TRUE(castable("BIGINT", "VARCHAR"));
  EXPECT_TRUE(castable("DATE", "TIMESTAMP"));
  EXPECT_TRUE(castable("INTEGER[]", "BIGINT[]"));
  EXPECT_FALSE(castable("BIGINT[]", "BIGINT"));
  EXPECT_FALSE(castable("DATE", "DOUBLE"));
  EXPECT_FALSE(castable("STRUCT(a BIGINT)", "VARCHAR[]"));
}

TEST(TypeFamilies, HaveOneTypeForAllTheirValues) {
  EXPECT_TRUE(goes_with("INTEGER", "DOUBLE"));
  EXPECT_TRUE(goes_with("DATE", "TIMESTAMP_MS"));
  EXPECT_TRUE(goes_with("INTEGER[]", "DECIMAL(10,2)[]"));
  EXPECT_FALSE(goes_with("INTEGER", "VARCHAR"));
  EXPECT_FALSE(goes_with("INTEGER[]", "VARCHAR[]"));
  EXPECT_FALSE(goes_with("UUID", "INTERVAL"));
}

}  // namespace
}  // namespace engine
