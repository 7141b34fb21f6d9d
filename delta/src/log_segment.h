// Which files of a log make up a version of its table.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "delta/store.h"

namespace delta {

struct LogCommit {
  std::string path;
  std::int64_t first_version = 0;
  std::int64_t last_version = 0;  // more than the first in a log compaction
  std::int64_t size = 0;          // bytes, when it was listed
  std::int64_t modification_time = 0;
};

struct LogCheckpoint {
  std::int64_t version = 0;
  std::vector<std::string> paths;  // one, or all parts of a multi-part checkpoint
};

struct LogSegment {
  std::int64_t version = 0;
  std::optional<LogCheckpoint> checkpoint;
  std::vector<LogCommit> commits;  // those after the checkpoint, oldest first
  // The commit of the version itself, read or not; it may have been cleaned up.
  std::optional<FileStatus> newest_commit = std::nullopt;
  bool has_checksum = false;  // a CRC file of the version
};

// The segment of `version`, or of the latest one. `_last_checkpoint` only says where to start
// looking. The files `passed_over` count as not there. Throws DELTA_TABLE_NOT_FOUND,
// DELTA_VERSION_NOT_FOUND, DELTA_LOG_CORRUPT.
LogSegment find_log_segment(const Store& store, const std::string& location,
                            std::optional<std::int64_t> version,
                            const std::set<std::string>& passed_over = {});

// Whether the log still has the segment's version, by the commit that was listed then. False once
// the table was removed, or made again in its place.
bool is_still_there(const Store& store, const std::string& location, const LogSegment& segment);

// The earliest version that a segment can lead to: 0, or that of the earliest complete checkpoint.
// Nothing when there is neither.
std::optional<std::int64_t> earliest_version(const Store& store, const std::string& location);

// The newest complete checkpoint of `from_version` or later.
std::optional<LogCheckpoint> newest_checkpoint(const Store& store, const std::string& location,
                                               std::int64_t from_version);

// Whether the folder holds a commit or a checkpoint.
bool has_log(const Store& store, const std::string& location);

}  // namespace delta
