#include "duck/snapshot_cache.h"

#include "base/uuid.h"
#include "delta/store.h"

namespace duck {

std::shared_ptr<const DeltaTable> SnapshotCache::get(const std::string& location,
                                                     std::optional<std::int64_t> version) {
  const std::string normalized = delta::normalize_location(location);
  if (version) {
    const Key key{normalized, *version};
    if (auto table = find_put(key)) {
      table->snapshot().require_still_there();
      return table;
    }
    if (auto table = find_loaded(key); table && table->snapshot().is_still_there()) return table;
  }
  // Loaded without the lock: a slow table must not hold up the others.
  auto loaded =
      delta::Snapshot::load(delta::store_for(normalized), engine_.lock(), normalized, version);
  const Key key{normalized, loaded->version()};
  if (auto table = find_put(key); table && table->snapshot().is_same_version_as(*loaded)) {
    return table;
  }
  const std::lock_guard lock(mutex_);
  auto& entry = loaded_[key];
  // The same version of a table that was dropped and made again is another table.
  if (!entry || !entry->snapshot().is_same_version_as(*loaded)) {
    entry = std::make_shared<DeltaTable>(std::move(loaded));
  }
  return entry;
}

void SnapshotCache::put(std::shared_ptr<const delta::Snapshot> snapshot) {
  const std::lock_guard lock(mutex_);
  Key key{snapshot->location(), snapshot->version()};
  put_[std::move(key)] = std::make_shared<DeltaTable>(std::move(snapshot));
}

std::string SnapshotCache::keep(Selection selection) {
  std::string name = base::random_uuid();
  const std::lock_guard lock(mutex_);
  selections_[name] = std::move(selection);
  return name;
}

void SnapshotCache::drop(const std::string& name) {
  const std::lock_guard lock(mutex_);
  selections_.erase(name);
  changes_.erase(name);
}

std::string SnapshotCache::keep_changes(std::shared_ptr<const delta::TableChanges> changes) {
  std::string name = base::random_uuid();
  const std::lock_guard lock(mutex_);
  changes_[name] = std::move(changes);
  return name;
}

std::shared_ptr<const delta::TableChanges> SnapshotCache::changes(const std::string& name) const {
  const std::lock_guard lock(mutex_);
  const auto found = changes_.find(name);
  return found == changes_.end() ? nullptr : found->second;
}

SnapshotCache::Selection SnapshotCache::selection(const std::string& name) const {
  const std::lock_guard lock(mutex_);
  const auto found = selections_.find(name);
  return found == selections_.end() ? Selection{} : found->second;
}

std::shared_ptr<const DeltaTable> SnapshotCache::find_put(const Key& key) const {
  const std::lock_guard lock(mutex_);
  const auto found = put_.find(key);
  return found == put_.end() ? nullptr : found->second;
}

std::shared_ptr<const DeltaTable> SnapshotCache::find_loaded(const Key& key) const {
  const std::lock_guard lock(mutex_);
  const auto found = loaded_.find(key);
  return found == loaded_.end() ? nullptr : found->second;
}

}  // namespace duck
