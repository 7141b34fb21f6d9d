#include "duck/writer_thread_internal.h"

#include <utility>

namespace duck {

void WriterThread::start(std::function<void()> work) {
  std::unique_lock lock(mutex_);
  wait(lock);
  if (!thread_.joinable()) {
    thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
  }
  work_ = std::move(work);
  busy_ = true;
  changed_.notify_all();
}

void WriterThread::wait() {
  std::unique_lock lock(mutex_);
  wait(lock);
}

void WriterThread::wait(std::unique_lock<std::mutex>& lock) {
  changed_.wait(lock, [this] { return !busy_; });
  if (failure_) std::rethrow_exception(failure_);
}

void WriterThread::run(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  while (changed_.wait(lock, stop, [this] { return static_cast<bool>(work_); }) &&
         !stop.stop_requested()) {
    auto work = std::exchange(work_, nullptr);
    lock.unlock();
    std::exception_ptr failure;
    try {
      work();
    } catch (...) {
      failure = std::current_exception();
    }
    work = nullptr;  // what it holds may be a file to close: not under the lock
    lock.lock();
    failure_ = failure;
    busy_ = false;
    changed_.notify_all();
  }
}

}  // namespace duck
