// Reads checkpoints: PROTOCOL.md, "Checkpoints".
#pragma once

#include <string>

#include "delta/parquet_engine.h"
#include "delta/src/action_sink.h"
#include "delta/src/commit_reader.h"
#include "delta/src/log_segment.h"
#include "delta/store.h"

namespace delta {

// Not thread-safe.
class CheckpointReader {
 public:
  // `engine` may be null; a Parquet file is then DELTA_PARQUET_ENGINE_MISSING.
  CheckpointReader(const Store& store, ParquetEngine* engine, const std::string& location)
      : store_(store), engine_(engine), location_(location) {}

  // Gives the selected actions of all its files, sidecars included, to `sink`. Throws
  // DELTA_LOG_CORRUPT.
  void read(const LogCheckpoint& checkpoint, ActionSelection selection, ActionSink& sink);

 private:
  void read_parquet(const std::string& path, ActionSelection selection, ActionSink& sink);
  std::string sidecar_path(const Sidecar& sidecar) const;

  const Store& store_;
  ParquetEngine* engine_;
  const std::string& location_;
};

}  // namespace delta
