// Leaving out files by partition values and per-file statistics: PROTOCOL.md, "Per-file
// Statistics".
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "delta/predicate.h"
#include "delta/snapshot.h"

namespace delta {

struct SkippingCounts {
  std::int64_t total = 0;
  std::int64_t pruned_by_partition = 0;
  std::int64_t pruned_by_statistics = 0;
  // By filters that became known only while the query ran: from a join's other side, from the rows
  // that a top-n has seen.
  std::int64_t pruned_by_join_filter = 0;
  std::int64_t read() const {
    return total - pruned_by_partition - pruned_by_statistics - pruned_by_join_filter;
  }
};

struct PrunedFiles {
  std::vector<std::size_t> kept;  // indices into snapshot.files(), ascending
  SkippingCounts counts;
};

// The files that may hold a row for which `predicate` is true. Never leaves out one that does:
// missing, malformed or truncated statistics keep the file.
PrunedFiles prune_files(const Snapshot& snapshot, const Predicate& predicate);

// The same for some of the files, `candidates`: indices into snapshot.files(), whose order is kept.
PrunedFiles prune_files(const Snapshot& snapshot, const Predicate& predicate,
                        std::span<const std::size_t> candidates);

// Whether one of these files, which need not be the snapshot's but are of its schema, may hold a
// row for which `predicate` is true.
bool any_may_match(const Snapshot& snapshot, const Predicate& predicate,
                   std::span<const AddFile> files);

}  // namespace delta
