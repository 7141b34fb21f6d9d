#include "delta/src/file_key_set.h"

#include <gtest/gtest.h>

namespace delta {
namespace {

TEST(FileKeySetTest, TellsKeysApart) {
  FileKeySet set;
  for (int i = 0; i < 10000; ++i) {
    EXPECT_TRUE(set.insert("f" + std::to_string(i), std::nullopt));
  }
  for (int i = 0; i < 10000; ++i) {
    EXPECT_FALSE(set.insert("f" + std::to_string(i), std::nullopt));
    EXPECT_TRUE(set.contains("f" + std::to_string(i), std::nullopt));
  }
  EXPECT_FALSE(set.contains("f10000", std::nullopt));
  EXPECT_EQ(set.size(), 10000u);
}

TEST(FileKeySetTest, MakesRoomAtAnyTime) {
  FileKeySet set;
  set.reserve(0);
  for (int i = 0; i < 1000; ++i) {
    if (i % 100 == 0) set.reserve(static_cast<std::size_t>(i) * 3);
    EXPECT_TRUE(set.insert("f" + std::to_string(i), std::nullopt));
  }
  set.reserve(5);
  for (int i = 0; i < 1000; ++i) {
    EXPECT_FALSE(set.insert("f" + std::to_string(i), std::nullopt));
  }
  EXPECT_EQ(set.size(), 1000u);
}

TEST(FileKeySetTest, KeepsDeletionVectorsOfOneFileApart) {
  const DeletionVectorDescriptor first{"u", "x", 1, 2, 3};
  DeletionVectorDescriptor second = first;
  second.offset = 2;
  FileKeySet set;
  EXPECT_FALSE(set.contains("f", first));
  EXPECT_TRUE(set.insert("f", std::nullopt));
  EXPECT_TRUE(set.insert("f", first));
  EXPECT_TRUE(set.insert("f", second));
  EXPECT_FALSE(set.insert("f", first));
}

TEST(FileKeySetTest, TakesSpellingsOfOnePathForOne) {
  FileKeySet set;
  EXPECT_TRUE(set.insert("/a b%41", std::nullopt));
  EXPECT_FALSE(set.insert("file:///a%20bA", std::nullopt));
  EXPECT_TRUE(set.insert("", std::nullopt));
  EXPECT_FALSE(set.insert("", std::nullopt));
}

}  // namespace
}  // namespace delta
