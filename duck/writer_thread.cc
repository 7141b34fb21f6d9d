#include "duck/writer_thread_internal.h"

#include <utility>

namespace duck {

WriterThread::~WriterThread() {
  if (!thread_.joinable()) return;
  thread_.request_stop();
  thread_.join();
}

void WriterThread::run(std::function<void()> work) {
  std::unique_lock lock(mutex_);
  wait(lock);
  work_ = std::move(work);
  if (!thread_.joinable()) {
    thread_ = std::jthread([this](const std::stop_token& stop) { work_until(stop); });
  }
  changed_.notify_all();
}

void WriterThread::wait() {
  std::unique_lock lock(mutex_);
  wait(lock);
}

void WriterThread::wait(std::unique_lock<std::mutex>& lock) {
  changed_.wait(lock, [this] { return !work_; });
  if (failure_) std::rethrow_exception(failure_);
}

void WriterThread::work_until(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  while (changed_.wait(lock, stop, [this] { return static_cast<bool>(work_); })) {
    lock.unlock();
    std::exception_ptr failure;
    try {
      work_();
    } catch (...) {
      failure = std::current_exception();
    }
    lock.lock();
    work_ = nullptr;
    failure_ = failure;
    changed_.notify_all();
  }
}

}  // namespace duck
