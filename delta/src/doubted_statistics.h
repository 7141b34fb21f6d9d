// Statistics that a log and its version checksum tell differently.
#pragma once

#include <optional>
#include <vector>

#include "delta/actions.h"
#include "delta/column_mapping.h"
#include "delta/schema.h"
#include "delta/src/version_checksum.h"

namespace delta {

// `files` without the statistics that the listing has otherwise: one of the two is damaged, or was
// rounded on its way through a checkpoint, and a file that is read for nothing costs less than rows
// that are missed. Nothing when all agree. The schema's columns are mapped so.
std::optional<std::vector<AddFile>> without_doubted_statistics(const std::vector<AddFile>& files,
                                                               const FileListing& listing,
                                                               const Schema& schema,
                                                               ColumnMapping mapping);

}  // namespace delta
