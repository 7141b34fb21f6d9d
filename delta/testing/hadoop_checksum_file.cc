#include "delta/testing/hadoop_checksum_file.h"

#include <fstream>
#include <iterator>
#include <string>
#include <string_view>

#include "delta/src/big_endian.h"
#include "delta/src/crc32.h"

namespace delta {

namespace fs = std::filesystem;

fs::path hadoop_checksum_of(const fs::path& file) {
  return file.parent_path() / ("." + file.filename().string() + ".crc");
}

void write_hadoop_checksum(const fs::path& file, std::uint32_t chunk_size) {
  std::ifstream in(file, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(in), {}};
  std::string sums("crc\0", 4);
  append_big_endian_32(sums, chunk_size);
  for (std::size_t at = 0; at < bytes.size(); at += chunk_size) {
    append_big_endian_32(sums, crc32(std::string_view(bytes).substr(at, chunk_size)));
  }
  std::ofstream(hadoop_checksum_of(file), std::ios::binary | std::ios::trunc) << sums;
}

}  // namespace delta
