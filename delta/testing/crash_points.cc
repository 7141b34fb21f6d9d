#include "delta/testing/crash_points.h"

#include "delta/testing/faulty_store.h"

namespace delta {

int run_at_every_crash_point(const std::function<std::shared_ptr<Store>()>& make_store,
                             const CrashScenario& scenario) {
  const auto whole = std::make_shared<FaultyStore>(make_store());
  scenario.prepare(whole);
  const int before = whole->changes();
  scenario.change(whole);
  const int changes = whole->changes() - before;
  for (int number = 1; number <= changes; ++number) {
    for (const Fault fault : {Fault::kCrashBefore, Fault::kCrashAfter}) {
      const std::shared_ptr<Store> store = make_store();
      scenario.prepare(store);
      const auto faulty = std::make_shared<FaultyStore>(store);
      faulty->fail_change(number, fault);
      try {
        scenario.change(faulty);
      } catch (const Crash&) {
      }
      scenario.check(store, (fault == Fault::kCrashBefore ? "before change " : "after change ") +
                                std::to_string(number));
    }
  }
  return changes;
}

}  // namespace delta
