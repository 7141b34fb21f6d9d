// Removing data files that no version in reach needs: PROTOCOL.md, "Add File and Remove File"
// (tombstones) and "VACUUM Protocol Check".
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "delta/snapshot.h"
#include "delta/store.h"

namespace delta {

// No vacuum keeps less, whatever it is asked: writers and readers may be at work for that long.
inline constexpr std::int64_t kLeastVacuumRetentionHours = 168;

struct VacuumOptions {
  // delta.deletedFileRetentionDuration when absent.
  std::optional<std::int64_t> retention_hours;
  bool dry_run = false;
  // Looks for files to remove in the log alone, not in the table's folder: quicker, but leaves what
  // no commit ever named.
  bool lite = false;
  // Whether commits "VACUUM START" and "VACUUM END" (with the status COMPLETED or FAILED) tell of
  // it, as in Spark; when absent, what the table property delta.vacuum.logging.enabled says, which
  // is no by default.
  std::optional<bool> log_commits;
  Clock clock = {};  // the system's when empty
  // Heeded until the last file is removed. What was removed by then is gone, the table whole.
  std::stop_token stop = {};
};

struct VacuumReport {
  std::int64_t retention_hours = 0;  // the one that was kept to
  std::vector<std::string> files;    // removed, or to be removed in a dry run
  std::int64_t bytes = 0;            // of those whose size is known
  std::int64_t folders = 0;          // empty ones removed
  std::int64_t duration_ms = 0;
  std::vector<std::int64_t> versions;  // of the commits that tell of it
  std::string note;                    // why less was removed than was asked for, if so
  // What failed besides: without word of the last vacuum, a lite one looks through more commits.
  std::vector<std::string> warnings;
};

// Whichever version the snapshot is of, the latest one at its location is vacuumed.
//
// Removes files below the table's folder that are older than the retention and that none of these
// name: the live files and the tombstones within the retention, each with its deletion vector, and
// the change data files of commits within the retention. A file that a running writer has not
// committed yet is younger than the retention and stays. So does everything whose name, or that of
// a folder on the way, starts with '_' or '.', but for _change_data, _delta_index and the folders
// of partition columns that are named so. Symbolic links are not followed. Folders that have been
// empty for as long go, too.
//
// Vacuum checks the protocol for writing as well as for reading, which vacuumProtocolCheck demands.
//
// Errors: DELTA_UNSUPPORTED_FEATURE, DELTA_PROPERTY_INVALID, DELTA_CANNOT_VACUUM_LITE (the commits
// since the last vacuum are not in the log any more), INTERRUPTED, those of the store.
VacuumReport vacuum(const std::shared_ptr<const Snapshot>& snapshot,
                    const VacuumOptions& options = {});

}  // namespace delta
