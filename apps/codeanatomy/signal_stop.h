// Ctrl-C, `kill` and a terminal that closes as a request to stop.
#pragma once

#include <functional>
#include <stop_token>
#include <thread>

namespace apps {

// While it lives, SIGINT, SIGTERM and SIGHUP request a stop in place of ending the program; a
// SIGINT or SIGTERM after that ends it at once, with exit status 1, when `on_second` has said so.
// Make it before any other thread: threads inherit which signals are held back. A signal that the
// program was started to ignore stays ignored (`nohup`).
class SignalStop {
 public:
  explicit SignalStop(std::function<void()> on_second);
  ~SignalStop();
  SignalStop(const SignalStop&) = delete;
  SignalStop& operator=(const SignalStop&) = delete;

  std::stop_token token() const { return source_.get_token(); }

 private:
  void watch();

  const std::function<void()> on_second_;
  std::stop_source source_;
  int signals_ = -1;  // a signalfd
  const int end_;     // an eventfd
  std::thread thread_;
};

}  // namespace apps
