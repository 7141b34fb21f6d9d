// Killing a writer at every change that it makes to a store.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "delta/store.h"

namespace delta {

// One operation on a table and what must hold wherever it was killed.
struct CrashScenario {
  // Makes the table in an empty store.
  std::function<void(const std::shared_ptr<Store>&)> prepare;
  // The operation that is killed.
  std::function<void(const std::shared_ptr<Store>&)> change;
  // Called with what the killed operation left; `point` says where it was ("before change 2").
  std::function<void(const std::shared_ptr<Store>&, const std::string& point)> check;
};

// Counts the changes that the operation makes, then runs it again on a fresh table for each of
// them: killed just before it, and just after. Says how many changes there are. `make_store` gives
// a new and empty store.
int run_at_every_crash_point(const std::function<std::shared_ptr<Store>()>& make_store,
                             const CrashScenario& scenario);

}  // namespace delta
