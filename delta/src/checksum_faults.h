// Whether a table's state is that which its version checksum tells: PROTOCOL.md, "State
// Validation".
#pragma once

#include <span>
#include <string>
#include <vector>

#include "delta/actions.h"
#include "delta/src/log_replay.h"
#include "delta/src/version_checksum.h"

namespace delta {

// One sentence for each difference; nothing when there is none. What the checksum leaves out is not
// compared, nor is what two writers may spell differently.
std::vector<std::string> checksum_faults(const VersionChecksum& checksum, const TableState& table,
                                         std::span<const AddFile> files);

}  // namespace delta
