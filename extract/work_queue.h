// What the threads of one extraction share.
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "extract/extract_warning.h"
#include "extract/source_files.h"

namespace extract {

// Hands out the files of a walk, each once, and collects warnings. Thread-safe.
class WorkQueue {
 public:
  WorkQueue(const std::filesystem::path& root, const std::vector<std::string>& excluded)
      : walk_(root, excluded,
              [this](ExtractWarning warning) { warnings_.push_back(std::move(warning)); }) {}

  // The next file; nothing when there are no more or the work was stopped.
  std::optional<SourceFile> next() {
    const std::lock_guard lock(mutex_);
    return stopped() ? std::nullopt : walk_.next();
  }

  void warn(ExtractWarning warning) {
    const std::lock_guard lock(mutex_);
    warnings_.push_back(std::move(warning));
  }

  // The warnings so far, ordered by path.
  std::vector<ExtractWarning> warnings() const;

  void stop() { stop_.store(true, std::memory_order_relaxed); }
  bool stopped() const { return stop_.load(std::memory_order_relaxed); }
  // For those who look at it often.
  const std::atomic<bool>& stop_flag() const { return stop_; }

  // How far the work is.
  std::atomic<std::int64_t> files = 0;
  std::atomic<std::int64_t> bytes = 0;
  std::atomic<std::int64_t> nodes = 0;

 private:
  mutable std::mutex mutex_;
  std::atomic<bool> stop_ = false;
  std::vector<ExtractWarning> warnings_;
  SourceFileWalk walk_;
};

}  // namespace extract
