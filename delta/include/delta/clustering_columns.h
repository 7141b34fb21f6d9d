// The columns that a table's rows are clustered by: PROTOCOL.md, "Clustered Table".
#pragma once

#include <string>
#include <vector>

#include "delta/snapshot.h"

namespace delta {

// Paths of logical names, as the table's delta.clustering domain says; none when the table is not
// clustered. Throws base::Error DELTA_LOG_CORRUPT for a domain that cannot be understood.
std::vector<std::vector<std::string>> clustering_columns(const Snapshot& snapshot);

}  // namespace delta
