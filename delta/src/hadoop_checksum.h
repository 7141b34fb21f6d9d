// Checksums that Hadoop's local file system, and Spark by it, keeps beside each file that it
// writes, and holds the file to when it reads it: "/a/.b.crc" for "/a/b". Four bytes "crc\0", how
// many bytes a chunk has, then a CRC-32 for each chunk of the file; numbers are big-endian, of 32
// bits. Files without, of other writers, are common.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "delta/src/file_descriptor.h"

namespace delta {

// Those of one file, open for reading.
class HadoopChecksums {
 public:
  // None where there are none, or something else that Hadoop passes over too: a file of another
  // format, or one that may not be read. Throws DELTA_STORE_<what> where reading them fails.
  static std::unique_ptr<const HadoopChecksums> beside(const std::string& path);

  // How many bytes a chunk has; above 0.
  std::int64_t chunk_size() const { return chunk_size_; }

  // Throws DELTA_STORE_CHECKSUM_MISMATCH unless `bytes` are those that were written to the file, of
  // now `file_size` bytes, from the beginning of chunk number `first` on. They end where a chunk
  // does, or the file.
  void check(std::string_view bytes, std::int64_t first, std::int64_t file_size) const;

 private:
  HadoopChecksums(std::string path, int descriptor) : path_(std::move(path)), file_(descriptor) {}

  [[noreturn]] void throw_mismatch(const std::string& what) const;

  const std::string path_;  // of the file that they are of
  const FileDescriptor file_;
  std::int64_t chunk_size_ = 0;
};

}  // namespace delta
