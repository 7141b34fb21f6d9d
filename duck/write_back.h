// Having files written to disk while they grow.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <mutex>
#include <thread>

namespace duck {

// Starts the writing of what files have grown by, so that the sync at the end finds little left to
// wait for. It makes nothing durable: that is the sync's work, which also tells the errors.
// Starting may wait for the disk, so a thread of its own does it, once enough has come together.
// The destructor leaves out what has not been started. Thread-safe.
class WriteBack {
 public:
  // The bytes [begin, end) of a local file have been handed to the kernel. A file that is gone by
  // now does no harm.
  void add(const std::filesystem::path& path, std::uint64_t begin, std::uint64_t end);

  // Waits until the writing of all that makes up a whole piece has been started.
  void wait();

 private:
  struct Piece {
    std::filesystem::path path;
    std::uint64_t begin;
    std::uint64_t end;
  };

  void run(const std::stop_token& stop);

  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::deque<Piece> waiting_;
  std::uint64_t bytes_waiting_ = 0;
  bool busy_ = false;
  std::jthread thread_;  // the last member: it ends first
};

}  // namespace duck
