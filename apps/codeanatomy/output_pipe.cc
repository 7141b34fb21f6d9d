#include "apps/codeanatomy/output_pipe.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "base/error.h"

namespace apps {
namespace {

// 0, or the errno of the write that failed.
int write_all(int target, const char* bytes, std::size_t size) {
  while (size > 0) {
    const ssize_t written = write(target, bytes, size);
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return errno;
    bytes += written;
    size -= static_cast<std::size_t>(written);
  }
  return 0;
}

}  // namespace

OutputPipe::OutputPipe(int target) : target_(target) {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) {
    throw base::Error(base::Stage::kRuntime, "FILE_NOT_WRITABLE",
                      std::string("cannot make a pipe: ") + std::strerror(errno));
  }
  read_end_ = ends[0];
  write_end_ = ends[1];
  thread_ = std::thread([this] { pump(); });
}

OutputPipe::~OutputPipe() { close(); }

std::string OutputPipe::path() const { return "/proc/self/fd/" + std::to_string(write_end_); }

void OutputPipe::close() {
  if (!thread_.joinable()) return;
  ::close(write_end_);
  thread_.join();
}

void OutputPipe::pump() {
  std::array<char, 1 << 16> buffer{};
  while (true) {
    const ssize_t size = read(read_end_, buffer.data(), buffer.size());
    if (size < 0 && errno == EINTR) continue;
    if (size <= 0) break;
    error_ = write_all(target_, buffer.data(), static_cast<std::size_t>(size));
    if (error_ != 0) break;
  }
  ::close(read_end_);
}

}  // namespace apps
