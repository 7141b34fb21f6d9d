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

  // The table at that version, loaded on first use. The log is looked at each time: without a
  // version for the latest one, else for whether it still is that of the same table. What is known
  // of that version already is used again. Errors: see Snapshot::load; DELTA_TABLE_REPLACED when a
  // table was put for that version and is no longer there.
  std::shared_ptr<const DeltaTable> get(const std::string& location,
                                        std::optional<std::int64_t> version);

  // Takes `snapshot` for its location and version from now on, and no other one.
  void put(std::shared_ptr<const delta::Snapshot> snapshot);

  // Some files of a table, in the order in which they are to be read.
  struct Selection {
    std::shared_ptr<const DeltaTable> table;
    std::vector<std::size_t> files;  // indices into table->files()
    std::size_t most_threads = 0;    // that read them; 0: as many as there are
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

  // Those that were put, and those that were loaded. Null when there is none.
  std::shared_ptr<const DeltaTable> find_put(const Key& key) const;
  std::shared_ptr<const DeltaTable> find_loaded(const Key& key) const;

  const std::weak_ptr<delta::ParquetEngine> engine_;
  mutable std::mutex mutex_;
  std::map<Key, std::shared_ptr<const DeltaTable>> put_;
  std::map<Key, std::shared_ptr<const DeltaTable>> loaded_;
  std::map<std::string, Selection> selections_;
  std::map<std::string, std::shared_ptr<const delta::TableChanges>> changes_;
};

}  // namespace duck
