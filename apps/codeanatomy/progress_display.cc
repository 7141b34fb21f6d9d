#include "apps/codeanatomy/progress_display.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>

#include "apps/codeanatomy/message.h"
#include "base/quantity.h"

namespace apps {
namespace {

constexpr const char* kClearLine = "\r\033[K";

std::string step_text(const engine::RunProgress& progress) {
  switch (progress.step) {
    case engine::RunStep::kPreflight:
      return "preflight";
    case engine::RunStep::kCompile:
      return "compile";
    case engine::RunStep::kSharedView:
      return fmt::format("shared view {}/{} {}", progress.index, progress.count, progress.name);
    case engine::RunStep::kOutput:
      return fmt::format("output {}/{} {}", progress.index, progress.count, progress.name);
    case engine::RunStep::kCommit:
      return "commit";
    case engine::RunStep::kMaintenance:
      return fmt::format("maintenance {}/{} {}{}{}", progress.index, progress.count, progress.name,
                         progress.operation.empty() ? "" : ": ", progress.operation);
  }
  return "";
}

}  // namespace

ProgressDisplay::ProgressDisplay(ProgressMode mode)
    : changing_line_(mode == ProgressMode::kAuto && isatty(STDERR_FILENO) != 0),
      lines_(mode != ProgressMode::kNone && !changing_line_),
      step_began_(Clock::now()) {
  if (changing_line_) thread_ = std::thread([this] { redraw_until_closed(); });
}

ProgressDisplay::~ProgressDisplay() {
  if (!thread_.joinable()) return;
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
  }
  wake_.notify_all();
  thread_.join();
  tell("{}", kClearLine);
}

void ProgressDisplay::redraw_until_closed() {
  constexpr std::chrono::milliseconds kBetweenDrawings{100};
  std::unique_lock lock(mutex_);
  while (!wake_.wait_for(lock, kBetweenDrawings, [this] { return closed_; })) draw();
}

void ProgressDisplay::draw() const {
  if (step_.empty()) return;
  const auto elapsed =
      std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - step_began_);
  tell("{}{} … {}", kClearLine, step_, base::duration_text(elapsed.count()));
  std::fflush(stderr);
}

void ProgressDisplay::begin(const std::string& step) {
  const std::lock_guard lock(mutex_);
  step_ = step;
  step_began_ = Clock::now();
  if (changing_line_) draw();
}

void ProgressDisplay::update(const std::string& step) {
  const std::lock_guard lock(mutex_);
  step_ = step;
}

void ProgressDisplay::end(const std::string& step, const std::string& outcome,
                          const std::optional<Work>& work) {
  const std::lock_guard lock(mutex_);
  const auto elapsed =
      std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - step_began_);
  step_.clear();
  if (!lines_) return;
  const std::string rate =
      work ? base::rate_text(work->count, elapsed.count(), work->noun) : std::string();
  tell("{}: {}{}{}\n", step, outcome.empty() ? "" : outcome + " in ",
       base::duration_text(elapsed.count()), rate.empty() ? "" : ", " + rate);
}

void ProgressDisplay::show(const engine::RunProgress& progress) {
  const std::string step = step_text(progress);
  if (!progress.operation.empty()) return update(step);
  if (!progress.finished) return begin(step);
  const bool has_rows =
      progress.step == engine::RunStep::kOutput || progress.step == engine::RunStep::kSharedView;
  if (!has_rows) return end(step, "");
  end(step, base::counted_text(progress.rows, "row"), Work{progress.rows, "row"});
}

}  // namespace apps
