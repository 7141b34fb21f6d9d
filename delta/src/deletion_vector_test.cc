#include "delta/deletion_vector.h"

#include <gtest/gtest.h>
#include <roaring/roaring.h>

#include <vector>

#include "base/error.h"
#include "delta/src/z85.h"
#include "delta/store.h"

namespace delta {
namespace {

void append_little_endian(std::string& bytes, std::uint64_t value, int size) {
  for (int i = 0; i < size; ++i) bytes += static_cast<char>(value >> 8 * i & 0xFF);
}

void append_big_endian(std::string& bytes, std::uint32_t value) {
  for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>(value >> shift & 0xFF);
}

// The serialized form of one bitmap a bucket, bucket k holding rows from k * 2^32 on.
std::string serialized(const std::vector<std::vector<std::uint32_t>>& buckets) {
  std::string bytes;
  append_little_endian(bytes, 1681511377, 4);
  append_little_endian(bytes, buckets.size(), 8);
  for (std::size_t key = 0; key < buckets.size(); ++key) {
    append_little_endian(bytes, key, 4);
    roaring_bitmap_t* bitmap = roaring_bitmap_of_ptr(buckets[key].size(), buckets[key].data());
    std::string part(roaring_bitmap_portable_size_in_bytes(bitmap), '\0');
    roaring_bitmap_portable_serialize(bitmap, part.data());
    roaring_bitmap_free(bitmap);
    bytes += part;
  }
  return bytes;
}

std::uint32_t crc32(std::string_view bytes) {
  std::uint32_t crc = 0xFFFFFFFFU;
  for (const char c : bytes) {
    crc ^= static_cast<unsigned char>(c);
    for (int bit = 0; bit < 8; ++bit) crc = crc >> 1 ^ ((crc & 1) != 0 ? 0xEDB88320U : 0U);
  }
  return ~crc;
}

std::vector<std::uint64_t> rows_between(const DeletionVector& vector, std::uint64_t begin,
                                        std::uint64_t end) {
  std::vector<std::uint64_t> rows;
  vector.for_each_between(begin, end, [&](std::span<const std::uint64_t> found) {
    rows.insert(rows.end(), found.begin(), found.end());
  });
  return rows;
}

std::string code_of(const std::function<void()>& body) {
  try {
    body();
  } catch (const base::Error& error) {
    return error.code();
  }
  return "";
}

using Rows = std::vector<std::uint64_t>;

TEST(DeletionVector, InlineTextNamesItsRows) {
  const DeletionVectorDescriptor descriptor{
      .storage_type = "i",
      .path_or_inline_dv = "^Bg9^0rr910000000000iXQKl0rr91000f55c8Xg0@@D72lkbi5=-{L",
      .offset = std::nullopt,
      .size_in_bytes = 44,
      .cardinality = 6};
  const auto store = memory_store();
  const DeletionVector vector = DeletionVector::read(*store, "/t", descriptor);
  EXPECT_EQ(rows_between(vector, 0, 100), (Rows{3, 4, 7, 11, 18, 29}));
  EXPECT_EQ(rows_between(vector, 4, 11), (Rows{4, 7}));
  EXPECT_TRUE(vector.contains(18));
  EXPECT_FALSE(vector.contains(19));
}

TEST(DeletionVector, RowsBeyondThirtyTwoBitsHaveBucketsOfTheirOwn) {
  std::vector<std::uint32_t> run;
  for (std::uint32_t i = 0; i < 100000; ++i) run.push_back(i);
  const DeletionVector vector = DeletionVector::parse(serialized({run, {5}, {0, 4294967295U}}));
  constexpr std::uint64_t kBucket = 1ULL << 32;
  EXPECT_EQ(vector.cardinality(), 100003U);
  EXPECT_EQ(rows_between(vector, 99998, kBucket + 6), (Rows{99998, 99999, kBucket + 5}));
  EXPECT_EQ(rows_between(vector, 2 * kBucket, 3 * kBucket), (Rows{2 * kBucket, 3 * kBucket - 1}));
  EXPECT_TRUE(vector.contains(kBucket + 5));
}

TEST(DeletionVector, AFileMayHoldSeveral) {
  const auto store = memory_store();
  std::string file = "\x01";
  std::vector<DeletionVectorDescriptor> descriptors;
  for (std::uint32_t row : {7U, 70000U}) {
    const std::string bytes = serialized({{row}});
    descriptors.push_back({.storage_type = "p",
                           .path_or_inline_dv = "file:///dv/two%20of.bin",
                           .offset = static_cast<std::int32_t>(file.size()),
                           .size_in_bytes = static_cast<std::int32_t>(bytes.size()),
                           .cardinality = 1});
    append_big_endian(file, static_cast<std::uint32_t>(bytes.size()));
    file += bytes;
    append_big_endian(file, crc32(bytes));
  }
  store->put("/dv/two of.bin", file);
  EXPECT_EQ(rows_between(DeletionVector::read(*store, "/t", descriptors[0]), 0, 1U << 20), Rows{7});
  EXPECT_EQ(rows_between(DeletionVector::read(*store, "/t", descriptors[1]), 0, 1U << 20),
            Rows{70000});

  file[file.size() - 6] ^= 1;
  store->put("/dv/two of.bin", file);
  EXPECT_EQ(code_of([&] { DeletionVector::read(*store, "/t", descriptors[1]); }),
            "DELTA_DELETION_VECTOR_CORRUPT");
  descriptors[0].cardinality = 2;
  EXPECT_EQ(code_of([&] { DeletionVector::read(*store, "/t", descriptors[0]); }),
            "DELTA_DELETION_VECTOR_CORRUPT");
}

TEST(DeletionVector, TheFileOfARelativeOneLiesBelowTheTable) {
  const DeletionVectorDescriptor descriptor{.storage_type = "u",
                                            .path_or_inline_dv = "ab^-aqEH.-t@S}K{vb[*k^",
                                            .offset = 4,
                                            .size_in_bytes = 40,
                                            .cardinality = 6};
  EXPECT_EQ(deletion_vector_path("/t", descriptor),
            "/t/ab/deletion_vector_d2c639aa-8816-431a-aaf6-d3fe2512ff61.bin");
  EXPECT_EQ(code_of([&] { DeletionVector::read(*memory_store(), "/t", descriptor); }),
            "DELTA_DATA_FILE_MISSING");
}

// A file of one name, of which it counts the bytes that are read.
class CountingStore final : public Store {
 public:
  explicit CountingStore(std::string bytes) : bytes_(std::move(bytes)) {}

  std::string read(const std::string&) const override {
    read_ += bytes_.size();
    return bytes_;
  }
  std::string read_range(const std::string&, std::int64_t offset,
                         std::int64_t size) const override {
    std::string range =
        bytes_.substr(static_cast<std::size_t>(offset), static_cast<std::size_t>(size));
    read_ += range.size();
    return range;
  }
  std::vector<FileStatus> list(const std::string&, std::string_view) const override { return {}; }
  std::vector<FileStatus> list_tree(const std::string&, const FolderFilter&) const override {
    return {};
  }
  bool put_if_absent(const std::string&, std::string_view) override { return false; }
  void put(const std::string&, std::string_view) override {}
  void remove(const std::string&) override {}

  std::size_t bytes_read() const { return read_; }

 private:
  const std::string bytes_;
  mutable std::size_t read_ = 0;
};

TEST(DeletionVector, NoMoreOfItsFileIsReadThanItself) {
  const std::string bytes = serialized({{1, 2, 70000}});
  std::string file = "\x01" + std::string(100000, 'x');
  const auto offset = static_cast<std::int32_t>(file.size());
  append_big_endian(file, static_cast<std::uint32_t>(bytes.size()));
  file += bytes;
  append_big_endian(file, crc32(bytes));
  file += std::string(100000, 'x');
  const CountingStore store(file);
  const DeletionVector vector =
      DeletionVector::read(store, "/t",
                           {.storage_type = "p",
                            .path_or_inline_dv = "/dv.bin",
                            .offset = offset,
                            .size_in_bytes = static_cast<std::int32_t>(bytes.size()),
                            .cardinality = 3});
  EXPECT_EQ(vector.cardinality(), 3U);
  EXPECT_EQ(store.bytes_read(), bytes.size() + 8);
}

TEST(DeletionVector, WhatIsCutShortIsRefused) {
  const std::string whole = serialized({{1, 2, 3}, {4, 70000}});
  for (std::size_t size = 0; size < whole.size(); ++size) {
    EXPECT_EQ(code_of([&] { DeletionVector::parse(std::string_view(whole).substr(0, size)); }),
              "DELTA_DELETION_VECTOR_CORRUPT")
        << size;
  }
}

// The bitmap of rows 1 and 5 and 70000: two containers, whose values are the last six bytes.
TEST(DeletionVector, ValuesOutOfOrderAreRefused) {
  const std::string bytes = serialized({{1, 5, 70000}});
  ASSERT_EQ(DeletionVector::parse(bytes).cardinality(), 3U);
  std::string swapped = bytes;
  std::swap(swapped[bytes.size() - 6], swapped[bytes.size() - 4]);
  EXPECT_EQ(code_of([&] { DeletionVector::parse(swapped); }), "DELTA_DELETION_VECTOR_CORRUPT");
}

TEST(DeletionVector, ContainersOutOfOrderAreRefused) {
  std::string bytes = serialized({{1, 5, 70000}});
  // The keys 0 and 1 of the containers, after magic number, count, bucket key, cookie and size.
  std::swap(bytes[24], bytes[28]);
  EXPECT_EQ(code_of([&] { DeletionVector::parse(bytes); }), "DELTA_DELETION_VECTOR_CORRUPT");
}

TEST(DeletionVector, RowsBeyondTheFormatAreRefused) {
  std::string bytes = serialized({{1, 5}});
  bytes[12 + 3] = '\x98';  // the bucket's key: its rows are 2^63 and more
  EXPECT_EQ(code_of([&] { DeletionVector::parse(bytes); }), "DELTA_DELETION_VECTOR_CORRUPT");
}

TEST(DeletionVector, ABitsetWithAnotherNumberOfValuesIsRefused) {
  std::vector<std::uint32_t> even;
  for (std::uint32_t row = 0; row < 20000; row += 2) even.push_back(row);
  std::string bytes = serialized({even});
  bytes.back() = '\1';  // one more value, at the bitset's end
  EXPECT_EQ(code_of([&] { DeletionVector::parse(bytes); }), "DELTA_DELETION_VECTOR_CORRUPT");
}

TEST(DeletionVector, RunsThatOverlapAreRefused) {
  std::string bytes;
  append_little_endian(bytes, 1681511377, 4);
  append_little_endian(bytes, 1, 8);      // one bucket
  append_little_endian(bytes, 0, 4);      // its key
  append_little_endian(bytes, 12347, 4);  // one container, with runs
  append_little_endian(bytes, 1, 1);      // it is the first that has runs
  append_little_endian(bytes, 0, 2);      // its key
  append_little_endian(bytes, 9, 2);      // ten values
  append_little_endian(bytes, 2, 2);      // two runs: 5 to 9, and from 9 or 10 on
  append_little_endian(bytes, 5, 2);
  append_little_endian(bytes, 4, 2);
  std::string overlapping = bytes;
  append_little_endian(bytes, 10, 2);
  append_little_endian(bytes, 4, 2);
  append_little_endian(overlapping, 9, 2);
  append_little_endian(overlapping, 4, 2);
  EXPECT_EQ(DeletionVector::parse(bytes).cardinality(), 10U);
  EXPECT_EQ(code_of([&] { DeletionVector::parse(overlapping); }), "DELTA_DELETION_VECTOR_CORRUPT");
}

TEST(Z85Test, AValueBeyondFourBytesLosesItsUpperPart) {
  EXPECT_EQ(z85_decode("#####"), z85_decode("2Zu&$"));
  EXPECT_EQ(z85_decode("~~~~~"), std::nullopt);
}

}  // namespace
}  // namespace delta
