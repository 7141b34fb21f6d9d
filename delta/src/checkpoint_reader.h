// Reads checkpoints: PROTOCOL.md, "Checkpoints".
#pragma once

#include <string>
#include <vector>

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

  // Gives the sidecars that it names to `sink`, without reading them. Errors as of read.
  void read_sidecars(const LogCheckpoint& checkpoint, ActionSink& sink);

 private:
  // What it means that a file has rows and none of the columns that are looked for.
  enum class Emptiness { kIsFine, kIsAFault };

  void read_parquet_columns(const std::string& path, const std::vector<std::string>& columns,
                            ActionSink& sink, Emptiness emptiness = Emptiness::kIsFine);
  void read_parquet(const std::string& path, ActionSelection selection, ActionSink& sink);
  std::string sidecar_path(const Sidecar& sidecar) const;

  const Store& store_;
  ParquetEngine* engine_;
  const std::string& location_;
};

}  // namespace delta
