// Overwriting the partitions that new rows fall into.
#pragma once

#include <vector>

#include "delta/actions.h"
#include "delta/snapshot.h"
#include "delta/transaction.h"

namespace duck {

// Makes `transaction`, which must be on `base`, remove the files of `base` in the partitions of
// `added`, and say that it has read these. Returns how many it removes. Throws base::Error
// DELTA_PARTITION_VALUE_INVALID.
std::size_t remove_partitions_of(const std::vector<delta::AddFile>& added,
                                 const delta::Snapshot& base, delta::Transaction& transaction);

}  // namespace duck
