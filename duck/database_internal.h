// What a Database holds; for duck/ only.
#pragma once

#include <duckdb.hpp>
#include <filesystem>
#include <memory>

#include "delta/parquet_engine.h"
#include "duck/database.h"
#include "duck/snapshot_cache.h"

namespace duck {

// A folder of its own for spilled data, removed at the end. Two processes given the same parent
// would otherwise use the same names.
class SpillFolder {
 public:
  // A new folder in `parent`, or in the system's folder for temporary files when empty.
  explicit SpillFolder(const std::string& parent);
  ~SpillFolder();
  SpillFolder(const SpillFolder&) = delete;
  SpillFolder& operator=(const SpillFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

struct Database::Internal {
  explicit Internal(const DatabaseConfig& config);

  SpillFolder spill_folder;
  std::unique_ptr<duckdb::DuckDB> duckdb;
  std::shared_ptr<delta::ParquetEngine> parquet_engine;
  std::shared_ptr<SnapshotCache> tables;
};

}  // namespace duck
