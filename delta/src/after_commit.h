// What a writer does for the table after a commit. All of it is best effort: the commit stands.
#pragma once

#include <cstdint>
#include <memory>
#include <new>
#include <string>
#include <vector>

#include "base/error.h"
#include "delta/actions.h"
#include "delta/parquet_engine.h"
#include "delta/store.h"

namespace delta {

// The table at a version that has just been committed.
struct CommittedVersion {
  const std::shared_ptr<Store>& store;
  const std::shared_ptr<ParquetEngine>& engine;  // null: no checkpoints
  const std::string& location;
  std::int64_t version = 0;
};

// Does `action`; what failed is appended to `warnings`.
template <typename Action>
void best_effort(const std::string& what, std::vector<std::string>& warnings,
                 const Action& action) {
  try {
    action();
  } catch (const base::Error& error) {
    warnings.push_back("no " + what + ": " + error.message());
  } catch (const std::bad_alloc&) {
    warnings.push_back("no " + what + ": out of memory");
  }
}

// Writes a checkpoint of every delta.checkpointInterval-th version (10th, by default).
void put_checkpoint_when_due(const CommittedVersion& commit, const Metadata& metadata,
                             const Clock& clock, std::vector<std::string>& warnings);

}  // namespace delta
