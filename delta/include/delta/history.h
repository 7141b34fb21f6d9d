// When a table's versions were made, and by what: PROTOCOL.md, "In-Commit Timestamps" and "Commit
// Provenance Information".
//
// A commit's time is its inCommitTimestamp from the version on at which the table enabled them.
// Before that, and in tables without them, it is when the commit's file was modified; where that is
// not later than the commit before, one millisecond after that one.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "delta/actions.h"
#include "delta/parquet_engine.h"
#include "delta/snapshot.h"
#include "delta/store.h"
#include "delta/value.h"

namespace delta {

struct CommitTime {
  std::int64_t version = 0;
  std::int64_t timestamp = 0;  // ms since the epoch
  auto operator<=>(const CommitTime&) const = default;
};

struct HistoryEntry {
  std::int64_t version = 0;
  std::int64_t timestamp = 0;  // ms since the epoch
  CommitInfo info;             // without fields when the commit has no commitInfo
};

// The commits up to the version of `latest` that the log still holds, newest first, `limit` of them
// at most. Throws DELTA_LOG_CORRUPT.
std::vector<HistoryEntry> history(const Snapshot& latest,
                                  std::optional<std::size_t> limit = std::nullopt);

// The newest version of the table that was there at `time`. `latest` is its latest snapshot.
// Throws DELTA_TIMESTAMP_NOT_FOUND (details["earliest"] and ["latest"], in RFC 3339) when `time` is
// before the earliest version that can be read, or after the latest.
CommitTime version_as_of(const Snapshot& latest, Timestamp time);

// The first version that was made at `time` or later, of those whose commits the log still holds.
// Throws DELTA_TIMESTAMP_NOT_FOUND when `time` is after the latest.
CommitTime first_version_since(const Snapshot& latest, Timestamp time);

// The table as it was at `time`. Throws as Snapshot::load and version_as_of do.
std::shared_ptr<const Snapshot> load_as_of(std::shared_ptr<Store> store,
                                           std::shared_ptr<ParquetEngine> engine,
                                           const std::string& location, Timestamp time);

}  // namespace delta
