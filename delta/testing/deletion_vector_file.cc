#include "delta/testing/deletion_vector_file.h"

#include <roaring/roaring.h>

#include "delta/src/big_endian.h"
#include "delta/src/crc32.h"

namespace delta {
namespace {

constexpr std::uint32_t kMagic = 1681511377;
constexpr char kFileVersion = 1;

void append_little_endian(std::string& bytes, std::uint64_t value, int size) {
  for (int i = 0; i < size; ++i) bytes += static_cast<char>(value >> 8 * i & 0xFF);
}

// The magic number and one bitmap, that of the rows below 2^32.
std::string serialized(const std::vector<std::uint32_t>& rows) {
  std::string bytes;
  append_little_endian(bytes, kMagic, 4);
  append_little_endian(bytes, 1, 8);
  append_little_endian(bytes, 0, 4);
  roaring_bitmap_t* bitmap = roaring_bitmap_of_ptr(rows.size(), rows.data());
  std::string part(roaring_bitmap_portable_size_in_bytes(bitmap), '\0');
  roaring_bitmap_portable_serialize(bitmap, part.data());
  roaring_bitmap_free(bitmap);
  return bytes + part;
}

}  // namespace

DeletionVectorDescriptor write_deletion_vector(Store& store, const std::string& path,
                                               const std::vector<std::uint32_t>& rows) {
  const std::string vector = serialized(rows);
  std::string file(1, kFileVersion);
  append_big_endian_32(file, static_cast<std::uint32_t>(vector.size()));
  file += vector;
  append_big_endian_32(file, crc32(vector));
  store.put(path, file);
  return {.storage_type = "p",
          .path_or_inline_dv = path,
          .offset = 1,
          .size_in_bytes = static_cast<std::int32_t>(vector.size()),
          .cardinality = static_cast<std::int64_t>(rows.size())};
}

}  // namespace delta
