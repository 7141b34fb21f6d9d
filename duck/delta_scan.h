// delta_scan(path [, version = n | timestamp = t]): a Delta table as a table function.
#pragma once

#include <memory>

#include "duck/snapshot_cache.h"

namespace duckdb {
class ExtensionLoader;
}

namespace duck {

// What EXPLAIN ANALYZE and profiles call the scan's table and what was left out of it.
inline constexpr char kTableDetail[] = "Table";
inline constexpr char kTotalFilesDetail[] = "Files Total";
inline constexpr char kPrunedByPartitionDetail[] = "Files Pruned By Partition";
inline constexpr char kPrunedByStatisticsDetail[] = "Files Pruned By Statistics";
inline constexpr char kPrunedByJoinFilterDetail[] = "Files Pruned By Join Filter";

// Adds the function to the database of `loader`.
void add_delta_scan(duckdb::ExtensionLoader& loader, std::shared_ptr<SnapshotCache> snapshots);

}  // namespace duck
