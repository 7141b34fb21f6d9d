// What to read in place of a file of the log that cannot be read.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>

#include "base/error.h"
#include "delta/src/log_segment.h"
#include "delta/store.h"

namespace delta {

// Checkpoints and log compactions only repeat what commits say: when one is broken or gone, an
// older checkpoint or the commits themselves give the same state, if they are all there. A commit
// that was listed and is gone was cleaned up meanwhile: the log is listed again, once. A commit
// that is broken stays an error.
class SegmentFallback {
 public:
  // `version` as it was asked for: the latest one when absent.
  SegmentFallback(const Store& store, const std::string& location,
                  std::optional<std::int64_t> version)
      : store_(store), location_(location), version_(version) {}

  // After reading `segment` failed with `error`: makes it the one to try next. False when there
  // is none that says the same; `error` then stands. May be asked again with what it gave.
  // Throws as find_log_segment does when a commit is gone for good.
  bool replace(LogSegment& segment, const base::Error& error);

 private:
  bool replace_without_passed_over(LogSegment& segment);

  const Store& store_;
  const std::string& location_;
  const std::optional<std::int64_t> version_;
  std::set<std::string> passed_over_;
  bool listed_again_ = false;
};

// What `read(segment)` returns, with other segments of that version where one cannot be read.
template <typename Read>
auto read_with_fallback(SegmentFallback fallback, LogSegment& segment, const Read& read) {
  while (true) {
    try {
      return read(segment);
    } catch (const base::Error& error) {
      if (!fallback.replace(segment, error)) throw;
    }
  }
}

}  // namespace delta
