#include "duck/write_back.h"

#include <fcntl.h>
#include <unistd.h>

#include <utility>

namespace duck {
namespace {

// Smaller pieces would make the disk write more often, larger ones leave more for the end. A write
// of less has no thread.
constexpr std::uint64_t kPieceBytes = 8 << 20;

// Errors are left to the sync that follows.
void start_writing(const std::filesystem::path& path, std::uint64_t begin, std::uint64_t end) {
  const int file = ::open(path.c_str(), O_RDWR | O_CLOEXEC);
  if (file < 0) return;
  ::sync_file_range(file, static_cast<off64_t>(begin), static_cast<off64_t>(end - begin),
                    SYNC_FILE_RANGE_WRITE);
  ::close(file);
}

}  // namespace

void WriteBack::add(const std::filesystem::path& path, std::uint64_t begin, std::uint64_t end) {
  if (begin >= end) return;
  const std::lock_guard lock(mutex_);
  waiting_.push_back({path, begin, end});
  bytes_waiting_ += end - begin;
  if (bytes_waiting_ < kPieceBytes) return;
  if (!thread_.joinable()) {
    thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
  }
  changed_.notify_all();
}

void WriteBack::wait() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return !busy_ && bytes_waiting_ < kPieceBytes; });
}

void WriteBack::run(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  while (changed_.wait(lock, stop, [this] { return bytes_waiting_ >= kPieceBytes; }) &&
         !stop.stop_requested()) {
    const auto pieces = std::exchange(waiting_, {});
    bytes_waiting_ = 0;
    busy_ = true;
    lock.unlock();
    for (const Piece& piece : pieces) {
      if (stop.stop_requested()) break;
      start_writing(piece.path, piece.begin, piece.end);
    }
    lock.lock();
    busy_ = false;
    changed_.notify_all();
  }
}

}  // namespace duck
