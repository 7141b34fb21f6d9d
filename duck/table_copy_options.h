// How the data files of a table are written, as its metadata says.
#pragma once

#include <string>

#include "delta/actions.h"
#include "delta/schema.h"
#include "duck/copy_to_parquet.h"

namespace duck {

// Partitioning, names, statistics, compression and file size; no rules. Throws base::Error
// DELTA_PROPERTY_INVALID for a property that cannot be understood.
CopyOptions table_copy_options(const std::string& location, const delta::Protocol& protocol,
                               const delta::Metadata& metadata, const delta::Schema& schema);

}  // namespace duck
