#include "delta/deletion_vector.h"

#include <roaring/roaring.h>

#include <algorithm>
#include <array>
#include <map>
#include <utility>
#include <vector>

#include "base/error.h"
#include "delta/src/big_endian.h"
#include "delta/src/bitmap_check.h"
#include "delta/src/crc32.h"
#include "delta/src/z85.h"
#include "delta/store.h"

namespace delta {
namespace {

constexpr std::uint32_t kMagic = 1681511377;
// In a file: its version, then for each vector its length, its bytes and their checksum.
constexpr std::int32_t kVersionBytes = 1;
constexpr std::int32_t kLengthBytes = 4;
constexpr std::int32_t kChecksumBytes = 4;
constexpr std::size_t kUuidCharacters = 20;
constexpr std::uint64_t kBucketRows = 1ULL << 32;
// About as many as a scan's chunk has where one row in a hundred is deleted.
constexpr std::uint32_t kRowsAtATime = 32;
constexpr std::uint64_t kMaxRows = 1ULL << 63;  // Java reads the upper 32 bits as signed

[[noreturn]] void corrupt(const std::string& what) {
  throw base::Error(base::Stage::kRuntime, "DELTA_DELETION_VECTOR_CORRUPT",
                    "deletion vector: " + what);
}

[[noreturn]] void corrupt_in(const std::string& path, const std::string& what) {
  throw base::Error(base::Stage::kRuntime, "DELTA_DELETION_VECTOR_CORRUPT",
                    "deletion vector in '" + path + "': " + what, {{"path", path}});
}

[[noreturn]] void missing(const std::string& path) {
  throw base::Error(base::Stage::kRuntime, "DELTA_DATA_FILE_MISSING",
                    "deletion vector file '" + path +
                        "' is gone: a vacuum may have removed it, or the table was replaced",
                    {{"path", path}});
}

std::uint64_t little_endian(std::string_view bytes) {
  std::uint64_t value = 0;
  for (std::size_t i = bytes.size(); i-- > 0;) {
    value = value << 8 | static_cast<unsigned char>(bytes[i]);
  }
  return value;
}

void append_little_endian(std::string& out, std::uint64_t value, int bytes) {
  for (int i = 0; i < bytes; ++i) out += static_cast<char>(value >> (8 * i) & 0xFF);
}

// Takes bytes off the front of a text.
class Cursor {
 public:
  explicit Cursor(std::string_view bytes) : rest_(bytes) {}

  std::string_view take(std::size_t count) {
    if (count > rest_.size()) corrupt("it is truncated");
    const std::string_view taken = rest_.substr(0, count);
    rest_.remove_prefix(count);
    return taken;
  }
  std::string_view rest() const { return rest_; }

 private:
  std::string_view rest_;
};

struct FreeBitmap {
  void operator()(roaring_bitmap_t* bitmap) const { roaring_bitmap_free(bitmap); }
};
using Bitmap = std::unique_ptr<roaring_bitmap_t, FreeBitmap>;

Bitmap take_bitmap(Cursor& cursor) {
  const std::string_view rest = cursor.rest();
  const std::size_t size = roaring_bitmap_portable_deserialize_size(rest.data(), rest.size());
  if (size == 0 || size > rest.size()) corrupt("it holds no roaring bitmap");
  Bitmap bitmap(roaring_bitmap_portable_deserialize_safe(rest.data(), size));
  if (!bitmap) corrupt("it holds no roaring bitmap");
  if (const char* const fault = bitmap_fault(*bitmap)) corrupt(fault);
  cursor.take(size);
  return bitmap;
}

// The vector's bytes in a file that may hold several, of which no more is read.
std::string bytes_in_file(const Store& store, const std::string& path,
                          const DeletionVectorDescriptor& descriptor) {
  if (descriptor.size_in_bytes < 0) corrupt("it has less than no bytes");
  const std::int64_t offset = std::max(descriptor.offset.value_or(0), kVersionBytes);
  // The version is read where it costs nothing; elsewhere, the checksum tells as much.
  const std::int64_t begin = offset == kVersionBytes ? 0 : offset;
  const std::int64_t end = offset + kLengthBytes + descriptor.size_in_bytes + kChecksumBytes;
  const std::string stored = store.read_range(path, begin, end - begin);
  Cursor cursor(stored);
  if (begin == 0 && cursor.take(kVersionBytes).front() != kDeletionVectorFileVersion) {
    corrupt("its file is of an unknown version");
  }
  const std::uint32_t size = big_endian_32(cursor.take(kLengthBytes));
  if (size != static_cast<std::uint32_t>(descriptor.size_in_bytes)) {
    corrupt("it has " + std::to_string(size) + " bytes, not " +
            std::to_string(descriptor.size_in_bytes));
  }
  const std::string_view bytes = cursor.take(size);
  if (crc32(bytes) != big_endian_32(cursor.take(kChecksumBytes))) {
    corrupt("its checksum does not match");
  }
  return std::string(bytes);
}

std::string inline_bytes(const DeletionVectorDescriptor& descriptor) {
  auto bytes = z85_decode(descriptor.path_or_inline_dv);
  const auto size = static_cast<std::size_t>(std::max(descriptor.size_in_bytes, 0));
  if (!bytes || bytes->size() < size) corrupt("its inline text is not valid");
  bytes->resize(size);
  return *std::move(bytes);
}

std::string uuid_text(std::string_view bytes) {
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string text;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) text += '-';
    const auto byte = static_cast<unsigned char>(bytes[i]);
    text += kHex[byte >> 4];
    text += kHex[byte & 0xF];
  }
  return text;
}

}  // namespace

struct DeletionVector::Rows {
  // By the upper 32 bits of the positions, ascending.
  std::vector<std::pair<std::uint64_t, Bitmap>> buckets;
};

DeletionVector::DeletionVector() : rows_(std::make_shared<Rows>()) {}
DeletionVector::DeletionVector(std::shared_ptr<const Rows> rows) : rows_(std::move(rows)) {}

DeletionVector DeletionVector::parse(std::string_view bytes) {
  Cursor cursor(bytes);
  if (little_endian(cursor.take(4)) != kMagic) corrupt("it is of an unknown format");
  auto rows = std::make_shared<Rows>();
  const std::uint64_t count = little_endian(cursor.take(8));
  for (std::uint64_t i = 0; i < count; ++i) {
    const std::uint64_t key = little_endian(cursor.take(4));
    if (!rows->buckets.empty() && key <= rows->buckets.back().first) {
      corrupt("its buckets are out of order");
    }
    if (key >= kMaxRows / kBucketRows) corrupt("it names rows beyond the format");
    rows->buckets.emplace_back(key, take_bitmap(cursor));
  }
  return DeletionVector(std::move(rows));
}

DeletionVector DeletionVector::of(std::span<const std::uint64_t> positions) {
  std::map<std::uint64_t, std::vector<std::uint32_t>> by_bucket;
  for (const std::uint64_t row : positions) {
    if (row >= kMaxRows) corrupt("row " + std::to_string(row) + " is beyond the format");
    by_bucket[row / kBucketRows].push_back(static_cast<std::uint32_t>(row % kBucketRows));
  }
  auto rows = std::make_shared<Rows>();
  for (const auto& [key, values] : by_bucket) {
    rows->buckets.emplace_back(key, Bitmap(roaring_bitmap_of_ptr(values.size(), values.data())));
  }
  return DeletionVector(std::move(rows));
}

DeletionVector DeletionVector::united_with(const DeletionVector& other) const {
  std::map<std::uint64_t, Bitmap> united;
  for (const DeletionVector* const vector : {this, &other}) {
    for (const auto& [key, bitmap] : vector->rows_->buckets) {
      Bitmap& target = united[key];
      if (target) {
        roaring_bitmap_or_inplace(target.get(), bitmap.get());
      } else {
        target.reset(roaring_bitmap_copy(bitmap.get()));
      }
    }
  }
  auto rows = std::make_shared<Rows>();
  for (auto& [key, bitmap] : united) rows->buckets.emplace_back(key, std::move(bitmap));
  return DeletionVector(std::move(rows));
}

std::string DeletionVector::serialize() const {
  std::string out;
  append_little_endian(out, kMagic, 4);
  append_little_endian(out, rows_->buckets.size(), 8);
  for (const auto& [key, bitmap] : rows_->buckets) {
    append_little_endian(out, key, 4);
    const Bitmap compressed(roaring_bitmap_copy(bitmap.get()));
    roaring_bitmap_run_optimize(compressed.get());
    const std::size_t begin = out.size();
    out.resize(begin + roaring_bitmap_portable_size_in_bytes(compressed.get()));
    roaring_bitmap_portable_serialize(compressed.get(), out.data() + begin);
  }
  return out;
}

DeletionVector DeletionVector::read(const Store& store, const std::string& location,
                                    const DeletionVectorDescriptor& descriptor) {
  const bool is_inline = descriptor.storage_type == "i";
  const std::string path = is_inline ? "" : deletion_vector_path(location, descriptor);
  try {
    DeletionVector vector =
        parse(is_inline ? inline_bytes(descriptor) : bytes_in_file(store, path, descriptor));
    if (vector.cardinality() != static_cast<std::uint64_t>(descriptor.cardinality)) {
      corrupt("it deletes " + std::to_string(vector.cardinality()) + " rows, not " +
              std::to_string(descriptor.cardinality));
    }
    return vector;
  } catch (const base::Error& error) {
    if (error.code() == "DELTA_STORE_NOT_FOUND") missing(path);
    if (is_inline || error.code() != "DELTA_DELETION_VECTOR_CORRUPT") throw;
    corrupt_in(path, error.message().substr(std::string_view("deletion vector: ").size()));
  }
}

std::uint64_t DeletionVector::cardinality() const {
  std::uint64_t count = 0;
  for (const auto& [key, bitmap] : rows_->buckets) {
    count += roaring_bitmap_get_cardinality(bitmap.get());
  }
  return count;
}

bool DeletionVector::contains(std::uint64_t row) const {
  for (const auto& [key, bitmap] : rows_->buckets) {
    if (key == row / kBucketRows) {
      return roaring_bitmap_contains(bitmap.get(), static_cast<std::uint32_t>(row % kBucketRows));
    }
  }
  return false;
}

void DeletionVector::for_each_between(std::uint64_t begin, std::uint64_t end,
                                      const RowsVisitor& visit) const {
  for (const auto& [key, bitmap] : rows_->buckets) {
    const std::uint64_t base = key * kBucketRows;
    if (base >= end) return;
    if (base + kBucketRows <= begin) continue;
    roaring_uint32_iterator_t position;
    roaring_init_iterator(bitmap.get(), &position);
    if (begin > base && !roaring_move_uint32_iterator_equalorlarger(
                            &position, static_cast<std::uint32_t>(begin - base))) {
      continue;
    }
    std::array<std::uint32_t, kRowsAtATime> in_bucket;
    std::array<std::uint64_t, kRowsAtATime> rows;
    bool is_more = position.has_value;
    while (is_more) {
      const std::size_t read =
          roaring_read_uint32_iterator(&position, in_bucket.data(), kRowsAtATime);
      std::size_t count = 0;
      while (count < read && base + in_bucket[count] < end) {
        rows[count] = base + in_bucket[count];
        ++count;
      }
      if (count > 0) visit({rows.data(), count});
      is_more = count == kRowsAtATime;
    }
  }
}

std::string deletion_vector_path(const std::string& location,
                                 const DeletionVectorDescriptor& descriptor) {
  const std::string& text = descriptor.path_or_inline_dv;
  if (descriptor.storage_type == "p") return canonical_path(text);
  if (descriptor.storage_type != "u") {
    corrupt("storage type '" + descriptor.storage_type + "' has no file");
  }
  const std::size_t prefix = text.size() < kUuidCharacters ? 0 : text.size() - kUuidCharacters;
  const auto uuid = z85_decode(std::string_view(text).substr(prefix));
  if (!uuid || uuid->size() != 16) corrupt("'" + text + "' names no file");
  std::string path = location + "/";
  if (prefix > 0) path += text.substr(0, prefix) + "/";
  return path + "deletion_vector_" + uuid_text(*uuid) + ".bin";
}

}  // namespace delta
