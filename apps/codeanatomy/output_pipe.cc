#include "apps/codeanatomy/output_pipe.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include "base/error.h"

namespace apps {
namespace {

// 0, or the errno of the write that failed.
int write_all(int target, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = write(target, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return errno;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return 0;
}

}  // namespace

OutputPipe::OutputPipe(int target, Rewrite rewrite)
    : target_(target), rewrite_(std::move(rewrite)) {
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
    const std::string_view piece(buffer.data(), static_cast<std::size_t>(size));
    error_ = write_all(target_, rewrite_ ? rewrite_(piece) : piece);
    if (error_ != 0) break;
  }
  ::close(read_end_);
}

}  // namespace apps
