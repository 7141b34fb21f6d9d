// The times of the commits that a log holds: PROTOCOL.md, "Recommendations for Readers of Tables
// with In-Commit Timestamps".
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "delta/history.h"
#include "delta/snapshot.h"

namespace delta {

// Lists the log once; reads a commit only when its time is asked for and stands in the commit.
class CommitTimes {
 public:
  // The commits up to the version of `latest`, which must outlive this.
  explicit CommitTimes(const Snapshot& latest);

  // The versions of the commits, ascending.
  const std::vector<std::int64_t>& versions() const { return versions_; }

  // Whether the time of `version` stands in its commitInfo.
  bool is_in_commit(std::int64_t version) const { return version >= in_commit_from_; }

  // When the file of the commit with this index was modified, made later than the one before.
  std::int64_t file_time(std::size_t index) const { return file_times_[index]; }

  CommitTime at(std::size_t index) const;

  // The index of the newest commit of `first` or later that is not after `time` (ms since the
  // epoch); nothing when all of them are.
  std::optional<std::size_t> newest_at(std::int64_t time, std::size_t first) const;

  // The index of the first commit with an in-commit timestamp when those had begun by then, else 0:
  // what is before it was made before `time`, whatever its file's time says.
  std::size_t first_in_commit_at(std::int64_t time) const;

  // The index of the earliest commit whose version can be read as a whole.
  std::size_t first_readable() const { return first_readable_; }

 private:
  std::size_t index_from(std::int64_t version) const;

  const Snapshot& latest_;
  std::vector<std::int64_t> versions_;
  std::vector<std::int64_t> file_times_;  // ms since the epoch, strictly ascending
  std::size_t first_readable_ = 0;
  std::int64_t in_commit_from_;                  // the first version; none: the highest number
  std::optional<std::int64_t> in_commit_since_;  // the enablement's time, if it is told
};

// The inCommitTimestamp of a commit's commitInfo. Throws DELTA_LOG_CORRUPT when there is none.
std::int64_t in_commit_timestamp(const CommitInfo& info, const std::string& path);

// The commitInfo of a commit; without fields when it has none.
CommitInfo read_commit_info(const Store& store, const std::string& path);

}  // namespace delta
