// What a Database holds; for duck/ only.
#pragma once

#include <duckdb.hpp>
#include <memory>

#include "delta/parquet_engine.h"
#include "duck/database.h"
#include "duck/snapshot_cache.h"
#include "duck/spill_folder.h"

namespace duck {

struct Database::Internal {
  explicit Internal(const DatabaseConfig& config);

  SpillFolder spill_folder;
  std::unique_ptr<duckdb::DuckDB> duckdb;
  std::shared_ptr<delta::ParquetEngine> parquet_engine;
  std::shared_ptr<SnapshotCache> tables;
};

}  // namespace duck
