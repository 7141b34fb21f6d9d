// Which files of a table are worth writing anew: the plan of compaction and of clustering.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "delta/actions.h"

namespace delta {

// Files of one partition whose rows are to be written anew, together.
struct FileBin {
  PartitionValues partition_values;
  std::vector<std::size_t> files;  // indices into the files given, oldest first
  std::int64_t bytes = 0;
};

// The files that become fewer when their rows are written to files of `target_file_bytes`, and
// those with deleted rows; at most one bin a partition. A file of three quarters of the target
// counts as large enough. Files written so give no bin again.
std::vector<FileBin> bins_to_compact(std::span<const AddFile> files,
                                     std::int64_t target_file_bytes);

// How rows lie in clustered files: PROTOCOL.md, "Clustered Table".
struct Clustering {
  std::vector<std::string> columns;     // dotted names, in the order that was asked for
  std::optional<std::string> provider;  // clusteringProvider of the files, for clustered tables
};

// The implementation whose files Spark and this library cluster further.
inline constexpr const char* kLiquidClustering = "liquid";

// The files to cluster: those that are not clustered by these columns or have deleted rows, and
// the clustered ones that are not much larger, so that the work stays in proportion to what is
// new. None in a partition that is clustered already. With a provider, files of another provider
// stay as they are.
std::vector<FileBin> bins_to_cluster(std::span<const AddFile> files, const Clustering& clustering,
                                     std::int64_t target_file_bytes);

// Marks the files of one bin as clustered together, the way Spark's clustering does (tags
// ZCUBE_ID, ZCUBE_ZORDER_BY, ZCUBE_ZORDER_CURVE).
void mark_clustered(std::span<AddFile> files, const Clustering& clustering);

}  // namespace delta
