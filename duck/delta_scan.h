// delta_scan(path [, version = n | timestamp = t]): a Delta table as a table function.
#pragma once

#include <memory>

#include "duck/snapshot_cache.h"

namespace duckdb {
class ExtensionLoader;
}

namespace duck {

// Adds the function to the database of `loader`.
void add_delta_scan(duckdb::ExtensionLoader& loader, std::shared_ptr<SnapshotCache> snapshots);

}  // namespace duck
