#include "delta/src/segment_fallback.h"

#include <algorithm>
#include <utility>

#include "delta/src/log_error.h"
#include "delta/src/log_path.h"

namespace delta {

bool SegmentFallback::replace_without_passed_over(LogSegment& segment) {
  try {
    LogSegment other = find_log_segment(store_, location_, version_, passed_over_);
    // When a checkpoint alone stands for the newest version, what is left is older.
    if (other.version < segment.version) return false;
    segment = std::move(other);
    return true;
  } catch (const base::Error&) {
    return false;
  }
}

bool SegmentFallback::replace(LogSegment& segment, const base::Error& error) {
  // Gone, or another one in its place.
  const bool is_gone =
      error.code() == "DELTA_STORE_NOT_FOUND" || error.code() == "DELTA_TABLE_REPLACED";
  if (!is_gone && !is_broken_file(error)) return false;
  const auto found = error.details().find("path");
  // Without a path, or with the folder's, it is about no single file.
  if (found == error.details().end() || found->second == log_folder(location_)) return false;
  const std::string& path = found->second;

  const auto commit = std::find_if(segment.commits.begin(), segment.commits.end(),
                                   [&](const LogCommit& one) { return one.path == path; });
  if (commit == segment.commits.end()) {
    if (!segment.checkpoint) return false;
    // One of its files or, named in it, of its sidecars.
    passed_over_.insert(segment.checkpoint->paths.begin(), segment.checkpoint->paths.end());
    return replace_without_passed_over(segment);
  }
  if (commit->first_version != commit->last_version) {
    passed_over_.insert(path);
    return replace_without_passed_over(segment);
  }
  if (!is_gone || std::exchange(listed_again_, true)) return false;
  segment = find_log_segment(store_, location_, version_, passed_over_);
  return true;
}

}  // namespace delta
