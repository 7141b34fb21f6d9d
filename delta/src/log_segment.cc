#include "delta/src/log_segment.h"

#include <algorithm>
#include <map>
#include <utility>

#include "base/error.h"
#include "delta/src/last_checkpoint.h"
#include "delta/src/log_error.h"
#include "delta/src/log_path.h"

namespace delta {
namespace {

struct Listing {
  std::map<std::int64_t, LogCommit> commits;
  std::map<std::int64_t, std::vector<LogCommit>> compactions;  // by first version
  std::map<std::int64_t, LogCheckpoint> checkpoints;           // complete ones
  std::set<std::int64_t> checksums;
};

// Paths of the parts seen, by (version, number of parts).
using PartialCheckpoints =
    std::map<std::pair<std::int64_t, std::int64_t>, std::map<std::int64_t, std::string>>;

// A file that holds a whole checkpoint is preferred to parts, one with sidecars to one without.
void keep_complete_parts(const PartialCheckpoints& partial, Listing& listing) {
  for (const auto& [key, parts] : partial) {
    const auto [version, count] = key;
    if (static_cast<std::int64_t>(parts.size()) != count) continue;
    LogCheckpoint checkpoint{version, {}};
    for (const auto& [part, path] : parts) checkpoint.paths.push_back(path);
    listing.checkpoints.try_emplace(version, std::move(checkpoint));
  }
}

Listing list_log(const Store& store, const std::string& location, std::int64_t from_version,
                 const std::set<std::string>& passed_over = {}) {
  Listing listing;
  PartialCheckpoints partial;
  const std::string folder = log_folder(location);
  for (FileStatus& file : store.list(folder, version_digits(from_version))) {
    const std::string_view own_name = std::string_view(file.path).substr(folder.size() + 1);
    if (const auto version = checksum_version(own_name)) listing.checksums.insert(*version);
    const auto name = parse_log_file_name(own_name);
    if (!name || passed_over.contains(file.path)) continue;
    switch (name->kind) {
      case LogFileKind::kCommit:
        listing.commits.emplace(
            name->version, LogCommit{std::move(file.path), name->version, name->version, file.size,
                                     file.modification_time});
        break;
      case LogFileKind::kCompaction:
        listing.compactions[name->version].push_back({std::move(file.path), name->version,
                                                      name->end_version, file.size,
                                                      file.modification_time});
        break;
      case LogFileKind::kClassicCheckpoint:
      case LogFileKind::kUuidCheckpoint:
        listing.checkpoints.insert_or_assign(name->version,
                                             LogCheckpoint{name->version, {std::move(file.path)}});
        break;
      case LogFileKind::kMultiPartCheckpoint:
        partial[{name->version, name->parts}].emplace(name->part, std::move(file.path));
        break;
    }
  }
  keep_complete_parts(partial, listing);
  return listing;
}

std::optional<std::int64_t> latest_version(const Listing& listing) {
  std::optional<std::int64_t> latest;
  if (!listing.commits.empty()) latest = listing.commits.rbegin()->first;
  if (!listing.checkpoints.empty()) {
    latest = std::max(latest.value_or(0), listing.checkpoints.rbegin()->first);
  }
  return latest;
}

// The commits that lead from `after` to `version`; a log compaction stands for several of them.
// Nothing when one is missing.
std::optional<std::vector<LogCommit>> commits_between(const Listing& listing, std::int64_t after,
                                                      std::int64_t version) {
  std::vector<LogCommit> commits;
  for (std::int64_t next = after + 1; next <= version; next = commits.back().last_version + 1) {
    const LogCommit* longest = nullptr;
    if (const auto starting = listing.compactions.find(next);
        starting != listing.compactions.end()) {
      for (const LogCommit& compaction : starting->second) {
        const bool fits = compaction.last_version <= version;
        if (fits && (!longest || compaction.last_version > longest->last_version)) {
          longest = &compaction;
        }
      }
    }
    if (longest) {
      commits.push_back(*longest);
      continue;
    }
    const auto commit = listing.commits.find(next);
    if (commit == listing.commits.end()) return std::nullopt;
    commits.push_back(commit->second);
  }
  return commits;
}

std::optional<LogSegment> segment_of(const Listing& listing, std::int64_t version) {
  LogSegment segment{version, std::nullopt, {}};
  std::int64_t start = -1;
  const auto above = listing.checkpoints.upper_bound(version);
  if (above != listing.checkpoints.begin()) {
    segment.checkpoint = std::prev(above)->second;
    start = segment.checkpoint->version;
  }
  auto commits = commits_between(listing, start, version);
  if (!commits) return std::nullopt;
  segment.commits = std::move(*commits);
  segment.has_checksum = listing.checksums.contains(version);
  if (const auto own = listing.commits.find(version); own != listing.commits.end()) {
    segment.newest_commit = {own->second.path, own->second.size, own->second.modification_time};
  }
  return segment;
}

[[noreturn]] void throw_table_not_found(const std::string& location, const std::string& why) {
  throw base::Error(base::Stage::kValidation, "DELTA_TABLE_NOT_FOUND",
                    "no Delta table at '" + location + "': " + why, {{"path", location}});
}

[[noreturn]] void throw_version_not_found(const std::string& location, std::int64_t version,
                                          const std::string& why) {
  throw base::Error(
      base::Stage::kValidation, "DELTA_VERSION_NOT_FOUND",
      "table '" + location + "' has no version " + std::to_string(version) + ": " + why,
      {{"path", location}, {"version", std::to_string(version)}});
}

// Why no segment could be made: something that must be there is not.
[[noreturn]] void throw_incomplete(const Listing& listing, const std::string& location,
                                   std::int64_t version, bool version_asked_for) {
  const auto above = listing.checkpoints.upper_bound(version);
  if (above != listing.checkpoints.begin()) {
    const std::int64_t start = std::prev(above)->first;
    for (std::int64_t next = start + 1; next <= version; ++next) {
      if (commits_between(listing, start, next)) continue;
      throw_log_corrupt(log_folder(location), std::nullopt,
                        "the commit of version " + std::to_string(next) + " is missing");
    }
  }
  if (version_asked_for && !listing.commits.contains(0) && !listing.checkpoints.empty()) {
    throw_version_not_found(location, version,
                            "its log starts at the checkpoint of version " +
                                std::to_string(listing.checkpoints.begin()->first));
  }
  std::int64_t missing = 0;
  while (listing.commits.contains(missing)) ++missing;
  throw_log_corrupt(log_folder(location), std::nullopt,
                    "the commit of version " + std::to_string(missing) +
                        " is missing and no checkpoint stands for it");
}

Listing list_whole_log(const Store& store, const std::string& location,
                       const std::set<std::string>& passed_over) {
  try {
    return list_log(store, location, 0, passed_over);
  } catch (const base::Error& error) {
    if (error.code() != "DELTA_STORE_NOT_A_DIRECTORY") throw;
    throw_table_not_found(location, "a file is in the place of a folder");
  }
}

}  // namespace

LogSegment find_log_segment(const Store& store, const std::string& location,
                            std::optional<std::int64_t> version,
                            const std::set<std::string>& passed_over) {
  const auto hint = hinted_checkpoint_version(store, location);
  if (hint && (!version || *version >= *hint)) {
    const Listing recent = list_log(store, location, *hint, passed_over);
    const auto latest = latest_version(recent);
    if (latest && *latest >= version.value_or(*latest)) {
      if (auto segment = segment_of(recent, version.value_or(*latest))) return *segment;
    }
  }
  const Listing listing = list_whole_log(store, location, passed_over);
  const auto latest = latest_version(listing);
  if (!latest) throw_table_not_found(location, "its folder _delta_log has no commit");
  const std::int64_t wanted = version.value_or(*latest);
  if (wanted < 0) throw_version_not_found(location, wanted, "versions start at 0");
  if (wanted > *latest) {
    throw_version_not_found(location, wanted, "the latest is " + std::to_string(*latest));
  }
  if (auto segment = segment_of(listing, wanted)) return *segment;
  throw_incomplete(listing, location, wanted, version.has_value());
}

bool is_still_there(const Store& store, const std::string& location, const LogSegment& segment) {
  const Listing listing = list_log(store, location, segment.version);
  const auto commit = listing.commits.find(segment.version);
  // A commit may be cleaned up when a checkpoint stands for it.
  if (commit == listing.commits.end()) return !listing.checkpoints.empty();
  return !segment.newest_commit ||
         (commit->second.size == segment.newest_commit->size &&
          commit->second.modification_time == segment.newest_commit->modification_time);
}

std::optional<std::int64_t> earliest_version(const Store& store, const std::string& location) {
  const Listing listing = list_log(store, location, 0);
  if (commits_between(listing, -1, 0)) return 0;
  if (listing.checkpoints.empty()) return std::nullopt;
  return listing.checkpoints.begin()->first;
}

std::optional<LogCheckpoint> newest_checkpoint(const Store& store, const std::string& location,
                                               std::int64_t from_version) {
  Listing listing = list_log(store, location, from_version);
  if (listing.checkpoints.empty()) return std::nullopt;
  return std::move(listing.checkpoints.rbegin()->second);
}

bool has_log(const Store& store, const std::string& location) {
  try {
    return latest_version(list_log(store, location, 0)).has_value();
  } catch (const base::Error& error) {
    if (error.code() == "DELTA_STORE_NOT_A_DIRECTORY") return false;
    throw;
  }
}

}  // namespace delta
