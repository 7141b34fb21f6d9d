#include "extract/work_queue.h"

#include <algorithm>
#include <tuple>

namespace extract {

std::vector<ExtractWarning> WorkQueue::warnings() const {
  const std::lock_guard lock(mutex_);
  std::vector<ExtractWarning> warnings = warnings_;
  std::ranges::sort(warnings, {}, [](const ExtractWarning& warning) {
    return std::tie(warning.path, warning.code);
  });
  return warnings;
}

}  // namespace extract
