// The state of a table from the files of its log: PROTOCOL.md, "Action Reconciliation".
#pragma once

#include <map>
#include <string>
#include <vector>

#include "delta/actions.h"
#include "delta/parquet_engine.h"
#include "delta/src/action_sink.h"
#include "delta/src/commit_texts.h"
#include "delta/src/log_segment.h"
#include "delta/store.h"

namespace delta {

// All but the files.
struct TableState {
  Protocol protocol;
  Metadata metadata;
  std::map<std::string, SetTransaction> transactions;     // by appId
  std::map<std::string, DomainMetadata> domain_metadata;  // those not removed
};

// Where to read a segment from. `engine` may be null as long as no Parquet file is needed. The
// state's replay leaves commits in `texts`, that of the files takes them from there.
struct LogSource {
  const Store& store;
  ParquetEngine* engine;
  const std::string& location;
  const LogSegment& segment;
  CommitTexts* texts = nullptr;
};

// Throws DELTA_LOG_CORRUPT, also when there is no protocol or no metaData.
TableState replay_table_state(const LogSource& source);

std::vector<AddFile> replay_files(const LogSource& source);

// Gives the files of a version one by one, without keeping them: each live file to on_add, and each
// removed file that the log still tells of (no newer action brought it back) to on_remove.
void replay_file_actions(const LogSource& source, ActionSink& sink);

}  // namespace delta
