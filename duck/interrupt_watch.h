// Stopping a connection's query when a run is asked to stop.
#pragma once

#include <condition_variable>
#include <mutex>
#include <stop_token>
#include <thread>

#include "duck/database.h"

namespace duck {

// base::Error INTERRUPTED when a stop is requested.
void throw_if_stopped(const std::stop_token& stop);

// While it lives, a request to stop interrupts what `connection` runs, again and again, so that a
// query that starts in the same moment is stopped too.
class InterruptWatch {
 public:
  InterruptWatch(duck::Connection& connection, std::stop_token stop);
  ~InterruptWatch();
  InterruptWatch(const InterruptWatch&) = delete;
  InterruptWatch& operator=(const InterruptWatch&) = delete;

 private:
  void watch(duck::Connection& connection, const std::stop_token& stop);

  std::mutex mutex_;
  std::condition_variable_any wake_;
  bool ended_ = false;
  std::thread thread_;
};

}  // namespace duck
