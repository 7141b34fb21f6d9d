// The columns that a table's rows are clustered by: PROTOCOL.md, "Clustered Table".
#pragma once

#include <string>
#include <vector>

#include "delta/snapshot.h"

namespace delta {

// Paths of logical names, as the table's delta.clustering domain says; none when the table is not
// clustered. Throws base::Error DELTA_LOG_CORRUPT for a domain that cannot be understood.
std::vector<std::vector<std::string>> clustering_columns(const Snapshot& snapshot);

// The domain that says so: for a table with this protocol and metadata, to be clustered by these
// paths of logical names. Throws base::Error DELTA_SCHEMA_INVALID for a path that is not there.
DomainMetadata clustering_domain(const Protocol& protocol, const Metadata& metadata,
                                 const std::vector<std::vector<std::string>>& columns);

}  // namespace delta
