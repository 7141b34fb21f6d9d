// What a command is doing, on standard error.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>

#include "engine/executor/run_control.h"

namespace apps {

// What a step has worked on.
struct Work {
  std::int64_t count = 0;
  std::string_view noun;  // "row"
};

enum class ProgressMode { kAuto, kPlain, kNone };

// kAuto: one line that changes on a terminal, else as kPlain. kPlain: a line for every step that
// is done. Thread-safe.
class ProgressDisplay {
 public:
  explicit ProgressDisplay(ProgressMode mode);
  // Clears the changing line.
  ~ProgressDisplay();
  ProgressDisplay(const ProgressDisplay&) = delete;
  ProgressDisplay& operator=(const ProgressDisplay&) = delete;

  // What is going on now, until the next call.
  void begin(const std::string& step);
  // The step goes on, in other words.
  void update(const std::string& step);
  // `step` is done; `outcome` may be empty. With `work` the line says how much of it was done in a
  // second.
  void end(const std::string& step, const std::string& outcome,
           const std::optional<Work>& work = std::nullopt);

  // A run's steps in words.
  void show(const engine::RunProgress& progress);

 private:
  using Clock = std::chrono::steady_clock;

  void redraw_until_closed();
  void draw() const;

  bool changing_line_ = false;
  bool lines_ = false;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool closed_ = false;
  std::string step_;
  Clock::time_point step_began_;
  std::thread thread_;
};

}  // namespace apps
