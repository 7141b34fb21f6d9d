// delta_changes(path, from_version [, to_version]): what changed in a Delta table, row by row, as a
// table function. The range may be given by from_version, to_version, from_timestamp and
// to_timestamp as named parameters too: see delta/table_changes.h. With `version` the table is
// taken as if that were its latest.
#pragma once

#include <memory>

#include "duck/snapshot_cache.h"

namespace duckdb {
class ExtensionLoader;
}

namespace duck {

// Adds the function to the database of `loader`.
void add_delta_changes(duckdb::ExtensionLoader& loader, std::shared_ptr<SnapshotCache> tables);

}  // namespace duck
