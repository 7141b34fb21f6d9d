// Checksums as Hadoop's local file system keeps them, for tests.
#pragma once

#include <cstdint>
#include <filesystem>

namespace delta {

// ".<name>.crc" beside `file`, whether it is there or not.
std::filesystem::path hadoop_checksum_of(const std::filesystem::path& file);

// Writes that, for the bytes that the file has now, in chunks of `chunk_size` bytes: Hadoop's are
// of 512 unless it is told otherwise.
void write_hadoop_checksum(const std::filesystem::path& file, std::uint32_t chunk_size = 512);

}  // namespace delta
