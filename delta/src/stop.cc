#include "delta/src/stop.h"

#include <algorithm>

#include "base/error.h"

namespace delta {
namespace {

// How many files are removed between two looks at the request: each batch syncs its folders.
constexpr std::size_t kBatch = 100;

}  // namespace

void throw_if_stopped(const std::stop_token& stop, const std::string& location,
                      std::string_view outcome) {
  if (!stop.stop_requested()) return;
  throw base::Error(base::Stage::kRuntime, "INTERRUPTED", "interrupted; " + std::string(outcome),
                    {{"path", location}});
}

void remove_until_stopped(Store& store, std::span<const std::string> paths,
                          const std::stop_token& stop, const std::string& location) {
  for (std::size_t done = 0; done < paths.size(); done += kBatch) {
    throw_if_stopped(stop, location,
                     std::to_string(done) + " of " + std::to_string(paths.size()) +
                         " files have been removed, the others go when it is run again");
    store.remove_all(paths.subspan(done, std::min(kBatch, paths.size() - done)));
  }
}

}  // namespace delta
