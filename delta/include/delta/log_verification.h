// Whether the parts of a log agree.
#pragma once

#include <string>
#include <vector>

#include "delta/snapshot.h"

namespace delta {

// Reads the snapshot's version again from its commits alone and compares: one sentence for each
// way in which checkpoints and log compaction files tell another state than they. Empty too when
// the log no longer holds all commits. Errors: those of Snapshot::load.
std::vector<std::string> verify_log(const Snapshot& snapshot);

}  // namespace delta
