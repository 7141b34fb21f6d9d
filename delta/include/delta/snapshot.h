// A table at one version.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "delta/actions.h"
#include "delta/parquet_engine.h"
#include "delta/schema.h"
#include "delta/snapshot_files.h"
#include "delta/store.h"

namespace delta {

// The log's state at one version: PROTOCOL.md, "Action Reconciliation". It never changes, so it
// may be used from many threads.
class Snapshot {
 public:
  // Reads the log under `location`/_delta_log up to `version` (the latest when absent).
  // `engine` reads checkpoints and is kept for as long as the snapshot.
  // Errors: DELTA_TABLE_NOT_FOUND (no such table), DELTA_VERSION_NOT_FOUND, DELTA_LOG_CORRUPT
  // (a gap, a truncated or malformed commit or checkpoint, missing protocol or metaData),
  // DELTA_UNSUPPORTED_FEATURE (details["feature"]): the table needs what this library lacks.
  static std::shared_ptr<const Snapshot> load(std::shared_ptr<Store> store,
                                              std::shared_ptr<ParquetEngine> engine,
                                              const std::string& location,
                                              std::optional<std::int64_t> version = std::nullopt);

  // Whether a log is there; a file in the table's place is DELTA_TABLE_NOT_FOUND by `load`.
  static bool exists(const Store& store, const std::string& location);

  Snapshot(const Snapshot&) = delete;
  Snapshot& operator=(const Snapshot&) = delete;
  ~Snapshot();

  const std::string& location() const;  // normalized, without trailing '/'
  std::int64_t version() const;
  const Protocol& protocol() const;
  const Metadata& metadata() const;
  const Schema& schema() const;
  // That of the checkpoint that the log is read from; nothing when it is read from its beginning.
  std::optional<std::int64_t> checkpoint_version() const;

  // The live files, in no particular order. Read on first use; later calls cost nothing.
  // Statistics that the version's checksum tells otherwise than the log are left out.
  // Errors: those of `load`; DELTA_TABLE_REPLACED when the table was removed, or made again in its
  // place, since the snapshot was loaded; DELTA_CHECKSUM_MISMATCH when the version's checksum tells
  // of another state (PROTOCOL.md, "State Validation").
  SnapshotFiles files() const;

  // For those who look into such a state: the files as the log tells them all the same, and what
  // the checksum tells otherwise, a sentence each. Nothing when there is no checksum.
  SnapshotFiles files_as_logged() const;
  const std::vector<std::string>& checksum_faults() const;

  // Where a data file is: absolute, percent-decoded.
  std::string data_path(const AddFile& file) const;

  std::optional<std::int64_t> transaction_version(const std::string& app_id) const;
  const std::map<std::string, SetTransaction>& transactions() const;  // by appId
  const std::map<std::string, DomainMetadata>& domain_metadata() const;

  // Whether the log still has this version, by the commit that the snapshot was read from. False
  // once the table was removed, or made again in its place. Lists the log from this version on.
  bool is_still_there() const;
  // Throws DELTA_TABLE_REPLACED unless it is.
  void require_still_there() const;
  // Whether both are one version of one table: read from the same commit.
  bool is_same_version_as(const Snapshot& other) const;

  const std::shared_ptr<Store>& store() const;
  const std::shared_ptr<ParquetEngine>& engine() const;

 private:
  struct State;
  void read_files() const;
  explicit Snapshot(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

// What those who write a table's rows take upon themselves, beyond Parquet files with right
// statistics. The rest is the library's.
struct WriterCapabilities {
  // They hold every row to the table's CHECK constraints and invariants, and fill in generated,
  // default and identity columns (identity_columns.h).
  bool row_rules = false;
  // They write data files, statistics and partition values by physical names and ids.
  bool column_mapping = false;
  // They write change data files where they change rows inside a file.
  bool change_data = false;
};

// The protocol features this library reads and writes, by their names in PROTOCOL.md,
// "Valid Feature Names in Table Features". Each throws DELTA_UNSUPPORTED_FEATURE naming the first
// feature (or version) that it lacks, or that is in use and not among the capabilities.
void check_readable(const Protocol& protocol);
void check_writable(const Protocol& protocol, const Metadata& metadata,
                    const WriterCapabilities& capabilities = {});

}  // namespace delta
