// How changes are committed, and what came of it: PROTOCOL.md, "Delta Log Entries" and "Commit
// Provenance Information".
#pragma once

#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "base/error.h"
#include "delta/store.h"

namespace delta {

struct CommitOptions {
  std::string operation = "WRITE";
  nlohmann::json operation_parameters = nlohmann::json::object();
  nlohmann::json operation_metrics = nlohmann::json::object();
  // Further entries of commitInfo, string to string.
  std::map<std::string, std::string> properties = {};
  // How often a commit that lost the race for a version is tried again at the next one.
  int max_retries = 15;
  // Rows that the added files have taken over from removed ones carry their row ids and row commit
  // versions in the table's materialized columns.
  bool preserves_row_tracking = false;
  // The time of the commit and of what it removes; the system's when empty.
  Clock clock = {};
};

struct CommitResult {
  std::int64_t version = 0;
  std::int64_t files_added = 0;
  std::int64_t bytes_added = 0;
  // Nothing was committed: `version` has set the transaction identifiers of this one already. The
  // data files of this one are part of no version.
  bool already_committed = false;
  // What should have followed the commit and failed: its version checksum, or the checkpoint that
  // is due every delta.checkpointInterval versions (10 by default; none without a Parquet engine).
  std::vector<std::string> warnings;
};

// Whether a commit that ended with this error may be in the log all the same, or come to be there,
// so that the files it names must stay: the store gave no answer, and the log could not say.
bool may_have_committed(const base::Error& error);

}  // namespace delta
