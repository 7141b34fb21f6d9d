#include "delta/deletion_vector_writer.h"

#include <gtest/gtest.h>

#include <numeric>
#include <random>
#include <set>

#include "base/error.h"
#include "delta/src/z85.h"

namespace delta {
namespace {

using Rows = std::vector<std::uint64_t>;

Rows all_rows(const DeletionVector& vector) {
  Rows rows;
  vector.for_each_between(0, ~0ULL, [&](std::span<const std::uint64_t> found) {
    rows.insert(rows.end(), found.begin(), found.end());
  });
  return rows;
}

TEST(DeletionVectorBuildingTest, HoldsRowsInAnyOrderOnce) {
  const DeletionVector vector = DeletionVector::of(Rows{29, 3, 1ULL << 40, 3, 7});
  EXPECT_EQ(all_rows(vector), (Rows{3, 7, 29, 1ULL << 40}));
  EXPECT_EQ(vector.cardinality(), 4u);
  EXPECT_EQ(DeletionVector::of({}).cardinality(), 0u);
  EXPECT_THROW(DeletionVector::of(Rows{1ULL << 63}), base::Error);
}

TEST(DeletionVectorBuildingTest, UnitesWithoutChangingItsParts) {
  const DeletionVector left = DeletionVector::of(Rows{1, 2, 5ULL << 32});
  const DeletionVector right = DeletionVector::of(Rows{2, 3, 6ULL << 32});
  EXPECT_EQ(all_rows(left.united_with(right)), (Rows{1, 2, 3, 5ULL << 32, 6ULL << 32}));
  EXPECT_EQ(all_rows(left), (Rows{1, 2, 5ULL << 32}));
  EXPECT_EQ(all_rows(right), (Rows{2, 3, 6ULL << 32}));
  EXPECT_EQ(all_rows(left.united_with(DeletionVector())), all_rows(left));
}

TEST(DeletionVectorBuildingTest, IsReadBackFromItsSerializedForm) {
  std::mt19937_64 random(20261125);
  for (const std::uint64_t range : {10ULL, 100000ULL, 1ULL << 34}) {
    std::set<std::uint64_t> expected;
    for (int i = 0; i < 20000; ++i) expected.insert(random() % range);
    const DeletionVector vector = DeletionVector::of(Rows(expected.begin(), expected.end()));
    const std::string bytes = vector.serialize();
    EXPECT_EQ(all_rows(DeletionVector::parse(bytes)), Rows(expected.begin(), expected.end()));
    EXPECT_EQ(DeletionVector::parse(bytes).serialize(), bytes);
  }
}

TEST(DeletionVectorBuildingTest, StoresRunsInFewBytes) {
  Rows rows(1000000);
  std::iota(rows.begin(), rows.end(), 0);
  EXPECT_LT(DeletionVector::of(rows).serialize().size(), 500u);
}

TEST(DeletionVectorBuildingTest, IsSerializedAsTheProtocolSays) {
  // The bytes that Spark and the kernels write; the protocol's own example shows an older format.
  const DeletionVector vector = DeletionVector::of(Rows{3, 4, 7, 11, 18, 29});
  const std::string text = "^Bg9^0rr910000000000iXQKl0rr91000f55c8Xg0@@D72lkbi5=-{L";
  EXPECT_EQ(z85_encode(vector.serialize()), text);
}

class DeletionVectorWriterTest : public testing::Test {
 protected:
  DeletionVector read(const DeletionVectorDescriptor& descriptor) {
    return DeletionVector::read(*store_, "/t", descriptor);
  }

  std::shared_ptr<Store> store_ = memory_store();
};

TEST_F(DeletionVectorWriterTest, WritesSmallVectorsIntoTheLog) {
  DeletionVectorWriter writer(store_, "/t");
  const DeletionVectorDescriptor descriptor = writer.add(DeletionVector::of(Rows{5, 9}));
  writer.finish();
  EXPECT_EQ(descriptor.storage_type, "i");
  EXPECT_FALSE(descriptor.offset.has_value());
  EXPECT_EQ(descriptor.cardinality, 2);
  EXPECT_TRUE(writer.files().empty());
  EXPECT_EQ(all_rows(read(descriptor)), (Rows{5, 9}));
}

TEST_F(DeletionVectorWriterTest, StoresManyVectorsInOneFile) {
  DeletionVectorWriter writer(store_, "/t", 0);
  std::vector<DeletionVectorDescriptor> descriptors;
  for (std::uint64_t i = 0; i < 20; ++i) {
    descriptors.push_back(writer.add(DeletionVector::of(Rows{i, i * 1000, i << 33})));
  }
  writer.finish();
  writer.finish();
  ASSERT_EQ(writer.files().size(), 1u);
  EXPECT_EQ(descriptors[0].offset, 1);
  std::set<std::string> ids;
  for (std::uint64_t i = 0; i < 20; ++i) {
    EXPECT_EQ(descriptors[i].storage_type, "u");
    EXPECT_EQ(deletion_vector_path("/t", descriptors[i]), writer.files()[0]);
    EXPECT_TRUE(read(descriptors[i]).contains(i << 33));
    ids.insert(descriptors[i].unique_id());
  }
  EXPECT_EQ(ids.size(), 20u);
}

TEST_F(DeletionVectorWriterTest, BeginsAnotherFileAfterTheLast) {
  DeletionVectorWriter writer(store_, "/t", 0);
  const auto first = writer.add(DeletionVector::of(Rows{1}));
  writer.finish();
  const auto second = writer.add(DeletionVector::of(Rows{2}));
  writer.finish();
  EXPECT_EQ(writer.files().size(), 2u);
  EXPECT_TRUE(read(first).contains(1));
  EXPECT_TRUE(read(second).contains(2));
}

}  // namespace
}  // namespace delta
