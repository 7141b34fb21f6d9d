// A thread that writes files.
#pragma once

#include <condition_variable>
#include <exception>
#include <functional>
#include <mutex>
#include <thread>

namespace duck {

// Does one thing after another, while those who gave it do something else. It starts with the first
// one. The destructor waits for what is being done, and leaves out what is not begun. Thread-safe.
class WriterThread {
 public:
  // Has it done, and does not wait for it. Waits for what was given before: there is never more
  // than one thing to hold in memory. Throws what one of these threw, and so does every call from
  // then on.
  void start(std::function<void()> work);
  // Waits for all that was given; throws as start() does.
  void wait();

 private:
  void wait(std::unique_lock<std::mutex>& lock);
  void run(const std::stop_token& stop);

  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::function<void()> work_;  // that is not begun
  bool busy_ = false;           // until it is done
  std::exception_ptr failure_;
  std::jthread thread_;  // the last member: it ends first
};

}  // namespace duck
