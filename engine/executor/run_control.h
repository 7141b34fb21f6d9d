// How a caller watches a run and stops it.
#pragma once

#include <cstdint>
#include <functional>
#include <stop_token>
#include <string>

namespace engine {

enum class RunStep { kPreflight, kCompile, kSharedView, kOutput, kCommit, kMaintenance };

// One step of a run, told when it begins (finished = false) and ends.
struct RunProgress {
  RunStep step = RunStep::kPreflight;
  bool finished = false;
  std::string name = {};   // of the view, output or table; empty for the other steps
  std::int64_t index = 0;  // from 1, among the steps of its kind
  std::int64_t count = 0;  // of the steps of its kind
  std::int64_t rows = 0;   // of a shared view or an output, when finished
  // Of a table's maintenance that has been told of: what it comes to now, such as "vacuum".
  std::string operation = {};
};

struct RunControl {
  // Called by one thread at a time; empty: nobody watches.
  std::function<void(const RunProgress&)> on_progress = {};
  // A request to stop ends the run with base::Error INTERRUPTED at Stage::kRuntime; once the first
  // table is being committed it comes too late for that: it ends the maintenance alone.
  std::stop_token stop = {};

  void tell(const RunProgress& progress) const {
    if (on_progress) on_progress(progress);
  }
};

}  // namespace engine
