// What all scans of one snapshot share.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "delta/snapshot.h"

namespace duck {

// A snapshot and what has been found out about its files. Thread-safe.
class DeltaTable {
 public:
  explicit DeltaTable(std::shared_ptr<const delta::Snapshot> snapshot)
      : snapshot_(std::move(snapshot)) {}

  const delta::Snapshot& snapshot() const { return *snapshot_; }
  const std::shared_ptr<const delta::Snapshot>& shared_snapshot() const { return snapshot_; }

  // snapshot().files(), for as long as the table lives.
  const delta::SnapshotFiles& files() const;

  // delta::file_rows of files(); found out on first use.
  const std::vector<std::optional<std::int64_t>>& file_rows() const;

 private:
  const std::shared_ptr<const delta::Snapshot> snapshot_;
  mutable std::once_flag listed_;
  mutable std::optional<delta::SnapshotFiles> files_;
  mutable std::once_flag counted_;
  mutable std::vector<std::optional<std::int64_t>> file_rows_;
};

}  // namespace duck
