#include "delta/src/file_read.h"

#include <unistd.h>

#include <cerrno>

#include "delta/src/store_error.h"

namespace delta {
namespace {

// Readers of JSON text look some bytes beyond its end; room for them saves a copy.
constexpr std::size_t kRoomBeyondEnd = 64;

// The bytes that one call of `read` gives; 0 at the end.
template <typename Read>
std::size_t read_some(const std::string& path, Read&& read) {
  while (true) {
    const ssize_t count = read();
    if (count >= 0) return static_cast<std::size_t>(count);
    if (errno != EINTR) throw_store_error("read", path, errno);
  }
}

}  // namespace

std::string read_at(int descriptor, std::int64_t offset, std::int64_t size,
                    const std::string& path) {
  std::string bytes(static_cast<std::size_t>(size), '\0');
  std::size_t filled = 0;
  while (filled < bytes.size()) {
    const std::size_t count = read_some(path, [&] {
      return ::pread(descriptor, bytes.data() + filled, bytes.size() - filled,
                     offset + static_cast<std::int64_t>(filled));
    });
    if (count == 0) break;
    filled += count;
  }
  bytes.resize(filled);
  return bytes;
}

std::string read_to_end(int descriptor, std::size_t expected_size, const std::string& path) {
  std::string bytes;
  bytes.reserve(expected_size + kRoomBeyondEnd);
  bytes.resize(expected_size);
  std::size_t filled = 0;
  while (true) {
    if (filled == bytes.size()) bytes.resize(filled + kRoomBeyondEnd / 2);
    const std::size_t count = read_some(
        path, [&] { return ::read(descriptor, bytes.data() + filled, bytes.size() - filled); });
    if (count == 0) break;
    filled += count;
  }
  bytes.resize(filled);
  return bytes;
}

}  // namespace delta
