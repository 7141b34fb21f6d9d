// What a file's partition values mean: PROTOCOL.md, "Partition Value Serialization".
#pragma once

#include <cstddef>
#include <string_view>

#include "delta/actions.h"
#include "delta/column_mapping.h"
#include "delta/schema.h"
#include "delta/value.h"

namespace delta {

// What the files of a partitioned table have in common.
struct Partitioning {
  std::string_view location;  // of the table
  ColumnMapping mapping = ColumnMapping::kNone;
  std::size_t columns = 0;  // how many the table is partitioned by
};

// The value that all rows of `file` have in the partition column `field`; null where the file names
// none, as some writers leave out nulls. Throws base::Error DELTA_PARTITION_VALUE_INVALID for a
// text that is none of the type's, and where the file names values of as many columns as there are,
// but not of this one.
Value partition_value(const AddFile& file, const StructField& field,
                      const Partitioning& partitioning);

}  // namespace delta
