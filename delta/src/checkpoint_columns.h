// The columns of checkpoints and their sidecars: PROTOCOL.md, "Checkpoint Schema".
#pragma once

#include <vector>

#include "delta/actions.h"
#include "delta/schema.h"
#include "delta/src/statistics_reader.h"

namespace delta {

// What a table's properties ask of its checkpoints.
struct CheckpointColumns {
  bool stats_json = true;     // delta.checkpoint.writeStatsAsJson
  bool stats_struct = false;  // delta.checkpoint.writeStatsAsStruct
  // With stats_struct: the partition columns under their physical names, with their types.
  std::vector<StructField> partitions;
  bool tight_bounds = false;  // with stats_struct: files may have deletion vectors
  // With stats_struct: the columns that statistics are kept of (indexed_schema()), as nested
  // structs of physical names.
  std::vector<StructField> null_counts;  // longs
  std::vector<StructField> bounds;       // those of a type that has an order
};

// Throws base::Error as indexed_schema() does.
CheckpointColumns checkpoint_columns(const Protocol& protocol, const Metadata& metadata);

// add and remove.
std::vector<StructField> file_action_columns(const CheckpointColumns& columns);
// txn, metaData, protocol, domainMetadata.
std::vector<StructField> table_action_columns();

}  // namespace delta
