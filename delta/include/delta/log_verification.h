// Whether the parts of a log agree.
#pragma once

#include <string>
#include <vector>

#include "delta/snapshot.h"

namespace delta {

// Compares the snapshot with its version's checksum, where there is one (PROTOCOL.md, "State
// Validation"), and with what its version's commits alone tell, where the log holds them all: one
// sentence for each way in which the checksum, checkpoints or log compaction files tell another
// state, and one for each commit that is missing after the checkpoint. Errors: those of
// Snapshot::load.
std::vector<std::string> verify_log(const Snapshot& snapshot);

}  // namespace delta
