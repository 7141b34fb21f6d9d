#include "duck/interrupt_watch.h"

#include <chrono>

#include "base/error.h"

namespace duck {

void throw_if_stopped(const std::stop_token& stop) {
  if (!stop.stop_requested()) return;
  throw base::Error(base::Stage::kRuntime, "INTERRUPTED", "interrupted; no table has changed");
}

InterruptWatch::InterruptWatch(duck::Connection& connection, std::stop_token stop) {
  if (!stop.stop_possible()) return;
  thread_ = std::thread([this, &connection, stop = std::move(stop)] { watch(connection, stop); });
}

InterruptWatch::~InterruptWatch() {
  if (!thread_.joinable()) return;
  {
    const std::lock_guard lock(mutex_);
    ended_ = true;
  }
  wake_.notify_all();
  thread_.join();
}

void InterruptWatch::watch(duck::Connection& connection, const std::stop_token& stop) {
  constexpr std::chrono::milliseconds kBetweenInterrupts{20};
  std::unique_lock lock(mutex_);
  wake_.wait(lock, stop, [this] { return ended_; });
  while (!ended_) {
    connection.interrupt();
    wake_.wait_for(lock, kBetweenInterrupts, [this] { return ended_; });
  }
}

}  // namespace duck
