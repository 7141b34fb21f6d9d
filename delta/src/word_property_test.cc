#include "delta/word_property.h"

#include <gtest/gtest.h>

namespace delta {
namespace {

Metadata with(const std::string& value) {
  Metadata metadata;
  metadata.configuration["k"] = value;
  return metadata;
}

TEST(WordPropertyTest, IsTheSameInAnyCase) {
  EXPECT_EQ(word_property(with("WriteSerializable"), "k", "serializable"), "writeserializable");
  EXPECT_TRUE(is_enabled(with("TRUE"), "k"));
}

TEST(WordPropertyTest, HasADefault) {
  EXPECT_EQ(word_property({}, "k", "serializable"), "serializable");
  EXPECT_FALSE(is_enabled({}, "k"));
}

TEST(WordPropertyTest, EnablesByTrueAlone) {
  for (const char* value : {"false", "", "1", "yes", "true "}) {
    EXPECT_FALSE(is_enabled(with(value), "k")) << value;
  }
}

}  // namespace
}  // namespace delta
