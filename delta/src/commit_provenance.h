// PROTOCOL.md, "Commit Provenance Information".
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "delta/actions.h"
#include "delta/commit.h"

namespace delta {

inline constexpr const char* kInCommitTimestampsProperty = "delta.enableInCommitTimestamps";

struct CommitProvenance {
  const CommitOptions& options;
  const std::vector<AddFile>& adds;
  std::int64_t timestamp = 0;  // ms since the epoch
  std::string txn_id;
  bool is_blind_append = false;
  std::string isolation_level;
  // Whether all rows have kept their ids; nothing for a table that does not track them.
  std::optional<bool> preserves_row_tracking;
  // The metadata changes in nothing but the high-water marks of identity columns.
  bool only_raises_high_water_marks = false;
  std::optional<std::int64_t> read_version;
  std::optional<std::int64_t> in_commit_timestamp;  // ms since the epoch
};

// The fields that the protocol and Spark know win over properties of the same name. Parameters and
// metrics are strings, as in Spark; the counts of files, bytes and (when known) rows are filled in.
CommitInfo to_commit_info(const CommitProvenance& provenance);

}  // namespace delta
