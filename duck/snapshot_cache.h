// The tables that the scans of one database share.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

#include "delta/parquet_engine.h"
#include "delta/snapshot.h"
#include "duck/delta_table.h"

namespace duck {

// Tables by location and version. Thread-safe.
class SnapshotCache {
 public:
  explicit SnapshotCache(std::weak_ptr<delta::ParquetEngine> engine) : engine_(std::move(engine)) {}

  // The table at that version, loaded on first use. Without a version the log is looked at anew
  // each time; what is known of that version already is used again. Errors: see Snapshot::load.
  std::shared_ptr<const DeltaTable> get(const std::string& location,
                                        std::optional<std::int64_t> version);

  // Takes `snapshot` for its location and version from now on.
  void put(std::shared_ptr<const delta::Snapshot> snapshot);

 private:
  using Key = std::pair<std::string, std::int64_t>;

  std::shared_ptr<const DeltaTable> find(const Key& key) const;

  const std::weak_ptr<delta::ParquetEngine> engine_;
  mutable std::mutex mutex_;
  std::map<Key, std::shared_ptr<const DeltaTable>> tables_;
};

}  // namespace duck
