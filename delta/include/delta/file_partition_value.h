// What a file's partition values mean: PROTOCOL.md, "Partition Value Serialization".
#pragma once

#include <string_view>

#include "delta/actions.h"
#include "delta/column_mapping.h"
#include "delta/schema.h"
#include "delta/value.h"

namespace delta {

// The value that all rows of `file`, a file of the table at `table`, have in the partition column
// `field`; null where the file names none. Throws base::Error DELTA_PARTITION_VALUE_INVALID.
Value partition_value(const AddFile& file, const StructField& field, ColumnMapping mapping,
                      std::string_view table);

}  // namespace delta
