// Log compactions: several commits in one file, so that readers open one in place of many.
// PROTOCOL.md, "Log Compaction Files".
#pragma once

#include <cstdint>
#include <stop_token>
#include <string>

#include "delta/snapshot.h"

namespace delta {

struct LogCompactionResult {
  std::int64_t first_version = 0;
  std::int64_t last_version = 0;
  // False when these commits had a compaction already; nothing else is known of that one.
  bool written = false;
  std::string path;
  std::int64_t actions = 0;
  std::int64_t bytes = 0;
};

// Writes the compaction of the commits from `first_version` up to the snapshot's version, which
// must be later. It holds the newest of the actions that concern the same file, transaction or
// metadata domain, removals too; the commits stay. It appears whole or not at all. One that is
// there already and cannot be read is replaced. A request to stop is heeded between two commits.
//
// Memory: the keys of the files that these commits name, and the text.
//
// Errors: DELTA_VERSION_NOT_FOUND (no two versions, or a commit is gone), DELTA_LOG_CORRUPT,
// DELTA_UNSUPPORTED_FEATURE for a table with a feature that this library does not know,
// INTERRUPTED, those of the store.
LogCompactionResult compact_log(const Snapshot& snapshot, std::int64_t first_version,
                                const std::stop_token& stop = {});

}  // namespace delta
