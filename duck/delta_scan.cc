#include "duck/delta_scan.h"

#include <duckdb.hpp>

namespace duck {

void add_delta_scan(duckdb::ExtensionLoader&, std::shared_ptr<SnapshotCache>) {}

}  // namespace duck
