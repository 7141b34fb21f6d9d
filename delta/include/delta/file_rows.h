// How many rows a data file holds, as the log tells it.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "delta/actions.h"

namespace delta {

// For each file, numRecords of its statistics less the rows that its deletion vector deletes.
// Nothing where the statistics do not tell.
std::vector<std::optional<std::int64_t>> file_rows(std::span<const AddFile> files);

}  // namespace delta
