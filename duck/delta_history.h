// delta_history(path): the commits of a Delta table as a table function, newest first.
#pragma once

#include <memory>

#include "duck/snapshot_cache.h"

namespace duckdb {
class ExtensionLoader;
}

namespace duck {

// Adds the function to the database of `loader`.
void add_delta_history(duckdb::ExtensionLoader& loader, std::shared_ptr<SnapshotCache> tables);

}  // namespace duck
