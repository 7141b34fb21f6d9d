// The tables that the scans of one database share.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "delta/parquet_engine.h"
#include "delta/snapshot.h"
#include "delta/table_changes.h"
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

  // Some files of a table, in the order in which they are to be read.
  struct Selection {
    std::shared_ptr<const DeltaTable> table;
    std::vector<std::size_t> files;  // indices into snapshot().files()
  };

  // Keeps what is given under a new name until it is dropped.
  std::string keep(Selection selection);
  std::string keep_changes(std::shared_ptr<const delta::TableChanges> changes);
  void drop(const std::string& name);
  // Empty (no table) when there is none of that name.
  Selection selection(const std::string& name) const;
  // Null when there are none of that name.
  std::shared_ptr<const delta::TableChanges> changes(const std::string& name) const;

 private:
  using Key = std::pair<std::string, std::int64_t>;

  std::shared_ptr<const DeltaTable> find(const Key& key) const;

  const std::weak_ptr<delta::ParquetEngine> engine_;
  mutable std::mutex mutex_;
  std::map<Key, std::shared_ptr<const DeltaTable>> tables_;
  std::map<std::string, Selection> selections_;
  std::map<std::string, std::shared_ptr<const delta::TableChanges>> changes_;
};

}  // namespace duck
