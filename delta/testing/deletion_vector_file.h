// Deletion vectors written for tests and benchmarks.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "delta/actions.h"
#include "delta/store.h"

namespace delta {

// Writes a file at `path`, absolute, that holds one deletion vector naming `rows`, which are
// ascending and below 2^32. Returns how an add action refers to it.
DeletionVectorDescriptor write_deletion_vector(Store& store, const std::string& path,
                                               const std::vector<std::uint32_t>& rows);

}  // namespace delta
