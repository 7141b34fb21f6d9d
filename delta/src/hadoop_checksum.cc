#include "delta/src/hadoop_checksum.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "delta/hadoop_checksums.h"
#include "delta/src/big_endian.h"
#include "delta/src/crc32.h"
#include "delta/src/file_read.h"
#include "delta/src/store_error.h"

namespace delta {
namespace {

constexpr std::string_view kMagic{"crc\0", 4};
constexpr std::int64_t kChecksumBytes = 4;
constexpr std::int64_t kHeaderBytes = 8;  // the magic and the size of chunks
// Hadoop's have 512; one is in memory as a whole.
constexpr std::int64_t kMaxChunkBytes = std::int64_t{16} << 20;

std::string checksum_path(const std::string& path) {
  const std::size_t name = path.rfind('/') + 1;  // 0 where there is no '/'
  return path.substr(0, name) + "." + path.substr(name) + ".crc";
}

}  // namespace

std::unique_ptr<const HadoopChecksums> HadoopChecksums::beside(const std::string& path) {
  const std::string sums_path = checksum_path(path);
  const int descriptor = ::open(sums_path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (descriptor < 0) {
    // A name can be too long with what that of the checksums has more.
    if (errno == ENOENT || errno == ENAMETOOLONG || errno == EACCES) return nullptr;
    throw_store_error("read", sums_path, errno);
  }
  std::unique_ptr<HadoopChecksums> sums(new HadoopChecksums(path, descriptor));
  struct stat status;
  if (::fstat(descriptor, &status) != 0 || !S_ISREG(status.st_mode)) return nullptr;
  const std::string header = read_at(descriptor, 0, kHeaderBytes, sums_path);
  if (header.size() != kHeaderBytes || !header.starts_with(kMagic)) return nullptr;
  sums->chunk_size_ = static_cast<std::int32_t>(big_endian_32(header.substr(kMagic.size())));
  if (sums->chunk_size_ <= 0 || sums->chunk_size_ > kMaxChunkBytes) return nullptr;
  return sums;
}

void HadoopChecksums::check(std::string_view bytes, std::int64_t first,
                            std::int64_t file_size) const {
  const auto size = static_cast<std::int64_t>(bytes.size());
  const std::int64_t chunks = (size + chunk_size_ - 1) / chunk_size_;
  // One more at the end of the file, where there must be none.
  const bool is_end = first * chunk_size_ + size == file_size;
  const std::int64_t wanted = is_end ? chunks + 1 : chunks;
  const std::string sums = read_at(file_.number(), kHeaderBytes + first * kChecksumBytes,
                                   wanted * kChecksumBytes, checksum_path(path_));
  if (static_cast<std::int64_t>(sums.size()) != chunks * kChecksumBytes) {
    throw_mismatch("its " + std::to_string(file_size) + " bytes are not as many as those of");
  }
  for (std::int64_t i = 0; i < chunks; ++i) {
    const std::int64_t begin = i * chunk_size_;
    const std::int64_t end = std::min(begin + chunk_size_, size);
    const auto part = [](std::string_view text, std::int64_t from, std::int64_t count) {
      return text.substr(static_cast<std::size_t>(from), static_cast<std::size_t>(count));
    };
    if (crc32(part(bytes, begin, end - begin)) ==
        big_endian_32(part(sums, i * kChecksumBytes, kChecksumBytes))) {
      continue;
    }
    const std::int64_t offset = first * chunk_size_;
    throw_mismatch("its bytes from " + std::to_string(offset + begin) + " to " +
                   std::to_string(offset + end - 1) + " are not those of");
  }
}

void HadoopChecksums::throw_mismatch(const std::string& what) const {
  throw_store_error("CHECKSUM_MISMATCH", "read", path_,
                    what + " the checksums in '" + checksum_path(path_) +
                        "': it was damaged, or changed without them");
}

bool remove_hadoop_checksums(const std::string& path) {
  return ::unlink(checksum_path(path).c_str()) == 0 || errno == ENOENT || errno == ENAMETOOLONG;
}

}  // namespace delta
