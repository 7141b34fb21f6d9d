// Statistics of a file of which rows are deleted: PROTOCOL.md, "Per-file Statistics".
#pragma once

#include <string>

namespace delta {

// `stats` with tightBounds false: its bounds hold, and may be wide of the rows that are left. All
// other bytes stay. `stats` is a JSON object.
std::string with_wide_bounds(const std::string& stats);

}  // namespace delta
