// Removing what a log no longer needs: PROTOCOL.md, "Metadata Cleanup".
#pragma once

#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "delta/snapshot.h"
#include "delta/store.h"

namespace delta {

struct LogCleanupOptions {
  Clock clock = {};  // the system's when empty
  bool dry_run = false;
  // Heeded until the last file is removed. What was removed by then is gone, the table whole.
  std::stop_token stop = {};
};

struct LogCleanupReport {
  // The checkpoint that everything older is covered by; nothing when there was nothing to remove.
  std::optional<std::int64_t> first_kept_version;
  std::vector<std::string> files;  // removed, or to be removed in a dry run
  std::int64_t bytes = 0;
  std::string note;  // why nothing could be removed, if so
};

// Removes commits, checkpoints, version checksums and log compactions that a checkpoint stands
// for, sidecars that no checkpoint names, and what killed writers left.
//
// The cutoff is the midnight (UTC) before now less delta.logRetentionDuration (30 days). Kept are
// the newest commit that is not newer than the cutoff (a reader who asks for the version of any
// later time may need it), the newest checkpoint that is not newer than that commit, and
// everything after it. The checkpoint is read before anything is removed: one that cannot be read
// covers nothing. Without such a checkpoint nothing is removed, so the last one always stays.
// Sidecars and temporary files stay for a day in any case.
//
// The boundary is always at a checkpoint, which is what the feature checkpointProtection demands.
// A cleanup that is interrupted has removed old versions only; the next one goes on.
//
// Errors: DELTA_UNSUPPORTED_FEATURE, DELTA_PROPERTY_INVALID, INTERRUPTED, those of the store.
LogCleanupReport clean_up_log(const Snapshot& snapshot, const LogCleanupOptions& options = {});

}  // namespace delta
