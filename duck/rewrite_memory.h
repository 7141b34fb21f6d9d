// How data files are written anew within the memory limit.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "delta/snapshot.h"
#include "duck/database.h"

namespace duck {

// What is known of the work.
struct RewriteWork {
  std::int64_t memory_limit_bytes = 0;
  std::int64_t threads = 1;
  std::int64_t row_group_bytes = 0;  // of the largest row group to read, before compression
  std::int64_t bins = 1;             // pieces that could be done at the same time
  bool sorts = false;
};

// How it is to be done.
struct RewriteShares {
  std::int64_t bins = 1;                 // at a time
  std::int64_t scan_threads = 0;         // that read for a bin; 0: all there are
  std::int64_t reserved_bytes = 0;       // that sorts are to leave to reading and writing
  std::int64_t new_row_group_bytes = 0;  // of a file that is written, in memory
};

// Whoever reads a row group holds it whole, compressed and not, and nothing of that can spill: with
// large row groups and a low limit, fewer threads read at a time.
RewriteShares share_memory(const RewriteWork& work);

// A memory limit with which one thread at least gets along with row groups of that size.
std::int64_t enough_memory(std::int64_t row_group_bytes);

// Of the files of `snapshot` with these indices: how large their largest row group is before
// compression. Only the footers of the largest files are read; those that cannot be read are left
// to whoever reads their rows.
std::int64_t largest_row_group(Connection& connection, const delta::Snapshot& snapshot,
                               std::vector<std::size_t> files);

}  // namespace duck
