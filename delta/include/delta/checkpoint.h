// Checkpoints: the whole state of one version in one place, so that readers need not replay the
// log from its start. PROTOCOL.md, "Checkpoints".
#pragma once

#include <cstdint>
#include <stop_token>
#include <string>
#include <vector>

#include "delta/snapshot.h"
#include "delta/store.h"

namespace delta {

struct CheckpointOptions {
  // Tells which tombstones and transaction identifiers have expired; the system's when empty.
  Clock clock = {};
  // How many files a sidecar of a V2 checkpoint names at most.
  std::int64_t actions_per_sidecar = 250000;
  // Heeded until the checkpoint is whole: then there is none.
  std::stop_token stop = {};
};

struct CheckpointResult {
  std::int64_t version = 0;
  // False when the version had a checkpoint already that can be read; nothing else is known of it.
  bool written = false;
  std::string path;             // of the checkpoint, without its sidecars
  std::int64_t actions = 0;     // rows, those of sidecars included
  std::int64_t live_files = 0;  // add actions among them
  std::int64_t bytes = 0;       // sidecars included
  // What failed although the checkpoint stands: readers do without the hint `_last_checkpoint`.
  std::vector<std::string> warnings;
};

// Writes the checkpoint of the snapshot's version, and `_last_checkpoint` after it unless that
// names a newer one. The form is V2 (a uuid-named JSON file and Parquet sidecars) where the
// protocol has v2Checkpoint and delta.checkpointPolicy is "v2", and one classic Parquet file
// otherwise. Statistics are as delta.checkpoint.writeStatsAsJson and …writeStatsAsStruct say.
//
// Files go from the log to the checkpoint one by one: memory does not grow with the table, but for
// the keys of files that commits since the last checkpoint name. A checkpoint appears whole or not
// at all, so any number of processes may write checkpoints, be killed, and try again. One of this
// version that cannot be read is replaced.
//
// Errors: those of reading the log, of the store and of the snapshot's Parquet engine
// (DELTA_PARQUET_ENGINE_MISSING without one), DELTA_PROPERTY_INVALID, DELTA_UNSUPPORTED_FEATURE
// for a table with a feature that this library does not know, INTERRUPTED.
CheckpointResult write_checkpoint(const Snapshot& snapshot, const CheckpointOptions& options = {});

}  // namespace delta
