#include "delta/history.h"

#include <algorithm>
#include <utility>

#include "base/error.h"
#include "base/time.h"
#include "delta/src/calendar.h"
#include "delta/src/commit_times.h"
#include "delta/src/log_path.h"

namespace delta {
namespace {

// Commits have whole milliseconds.
std::int64_t floor_ms(Timestamp time) {
  const std::int64_t ms = time.micros / kMicrosPerMilli;
  return time.micros % kMicrosPerMilli < 0 ? ms - 1 : ms;
}

std::int64_t ceil_ms(Timestamp time) {
  const std::int64_t ms = floor_ms(time);
  return ms * kMicrosPerMilli < time.micros ? ms + 1 : ms;
}

std::string to_text(std::int64_t ms) { return base::to_rfc3339(ms * kMicrosPerMilli); }

std::string to_text(const CommitTime& commit) {
  return "version " + std::to_string(commit.version) + " of " + to_text(commit.timestamp);
}

[[noreturn]] void throw_not_found(const Snapshot& latest, Timestamp time, const std::string& what,
                                  const CommitTime& first, const CommitTime& last) {
  const std::string asked = base::to_rfc3339(time.micros);
  throw base::Error(base::Stage::kValidation, "DELTA_TIMESTAMP_NOT_FOUND",
                    "table '" + latest.location() + "' has no version " + what + " " + asked +
                        ": the earliest is " + to_text(first) + ", the latest " + to_text(last),
                    {{"path", latest.location()},
                     {"timestamp", asked},
                     {"earliest", to_text(first.timestamp)},
                     {"latest", to_text(last.timestamp)}});
}

// Throws when the log holds no commit of a version that can be read.
void require_commits(const Snapshot& latest, const CommitTimes& times, std::size_t first) {
  if (first < times.versions().size()) return;
  throw base::Error(base::Stage::kValidation, "DELTA_TIMESTAMP_NOT_FOUND",
                    "table '" + latest.location() +
                        "' cannot be read by timestamp: its log holds no commit of a version that "
                        "can be read",
                    {{"path", latest.location()}});
}

}  // namespace

std::vector<HistoryEntry> history(const Snapshot& latest, std::optional<std::size_t> limit) {
  const CommitTimes times(latest);
  std::vector<HistoryEntry> entries;
  for (std::size_t i = times.versions().size(); i-- > 0;) {
    if (limit && entries.size() >= *limit) break;
    const std::int64_t version = times.versions()[i];
    const std::string path = commit_path(latest.location(), version);
    CommitInfo info = read_commit_info(*latest.store(), path);
    const std::int64_t timestamp =
        times.is_in_commit(version) ? in_commit_timestamp(info, path) : times.file_time(i);
    entries.push_back({version, timestamp, std::move(info)});
  }
  return entries;
}

CommitTime version_as_of(const Snapshot& latest, Timestamp time) {
  const CommitTimes times(latest);
  const std::size_t first = times.first_readable();
  require_commits(latest, times, first);
  const std::size_t last = times.versions().size() - 1;
  const std::int64_t asked = floor_ms(time);
  const auto found = times.newest_at(asked, first);
  if (!found) throw_not_found(latest, time, "as early as", times.at(first), times.at(last));
  const CommitTime commit = times.at(*found);
  if (*found == last && commit.timestamp < asked) {
    throw_not_found(latest, time, "as late as", times.at(first), commit);
  }
  return commit;
}

CommitTime first_version_since(const Snapshot& latest, Timestamp time) {
  const CommitTimes times(latest);
  require_commits(latest, times, 0);
  const std::int64_t asked = ceil_ms(time);
  const auto before = times.newest_at(asked - 1, 0);
  const std::size_t next = std::max(before ? *before + 1 : 0, times.first_in_commit_at(asked));
  if (next == times.versions().size()) {
    throw_not_found(latest, time, "since", times.at(0), times.at(next - 1));
  }
  return times.at(next);
}

std::shared_ptr<const Snapshot> load_as_of(std::shared_ptr<Store> store,
                                           std::shared_ptr<ParquetEngine> engine,
                                           const std::string& location, Timestamp time) {
  auto latest = Snapshot::load(store, engine, location);
  const std::int64_t version = version_as_of(*latest, time).version;
  if (version == latest->version()) return latest;
  return Snapshot::load(std::move(store), std::move(engine), location, version);
}

}  // namespace delta
