#include "delta/log_verification.h"

#include <set>
#include <utility>

#include "delta/src/log_path.h"
#include "delta/src/log_segment.h"
#include "delta/store.h"

namespace delta {
namespace {

// Commits after the newest checkpoint must be there: not all readers take log compactions for them.
void find_missing_commits(const Snapshot& snapshot, std::vector<std::string>& faults) {
  const LogSegment segment =
      find_log_segment(*snapshot.store(), snapshot.location(), snapshot.version());
  std::set<std::int64_t> there;
  for (const FileStatus& file : snapshot.store()->list(log_folder(snapshot.location()), "")) {
    const auto name = parse_log_file_name(file.path.substr(file.path.rfind('/') + 1));
    if (name && name->kind == LogFileKind::kCommit) there.insert(name->version);
  }
  for (const LogCommit& commit : segment.commits) {
    for (std::int64_t version = commit.first_version; version <= commit.last_version; ++version) {
      if (there.contains(version)) continue;
      faults.push_back("the commit of version " + std::to_string(version) +
                       " is missing: the log compaction that holds it is not read by everyone");
    }
  }
}

// The log's commits up to the snapshot's version and nothing else; null when some are gone.
std::shared_ptr<Store> commits_of(const Snapshot& snapshot) {
  auto commits = memory_store();
  std::int64_t next = 0;
  for (const FileStatus& file : snapshot.store()->list(log_folder(snapshot.location()), "")) {
    const std::string name = file.path.substr(file.path.rfind('/') + 1);
    const auto parsed = parse_log_file_name(name);
    if (!parsed || parsed->kind != LogFileKind::kCommit) continue;
    if (parsed->version > snapshot.version()) break;
    if (parsed->version != next++) return nullptr;
    commits->put(file.path, snapshot.store()->read(file.path));
  }
  return next == snapshot.version() + 1 ? commits : nullptr;
}

using LogicalFile = std::pair<std::string, std::string>;  // path and deletion vector

std::set<LogicalFile> logical_files(const Snapshot& snapshot) {
  std::set<LogicalFile> files;
  for (const AddFile& file : snapshot.files_as_logged()) {
    files.emplace(canonical_path(file.path),
                  file.deletion_vector ? file.deletion_vector->unique_id() : "");
  }
  return files;
}

void compare_files(const Snapshot& snapshot, const Snapshot& replayed,
                   std::vector<std::string>& faults) {
  const auto listed = logical_files(snapshot);
  const auto committed = logical_files(replayed);
  for (const LogicalFile& file : listed) {
    if (!committed.contains(file)) {
      faults.push_back("the log's summary lists '" + file.first + "', which the commits do not");
    }
  }
  for (const LogicalFile& file : committed) {
    if (!listed.contains(file)) {
      faults.push_back("the log's summary lacks '" + file.first + "', which the commits list");
    }
  }
}

}  // namespace

std::vector<std::string> verify_log(const Snapshot& snapshot) {
  std::vector<std::string> faults = snapshot.checksum_faults();
  find_missing_commits(snapshot, faults);
  auto commits = commits_of(snapshot);
  if (!commits) return faults;
  const auto replayed =
      Snapshot::load(std::move(commits), nullptr, snapshot.location(), snapshot.version());
  if (snapshot.protocol() != replayed->protocol()) {
    faults.emplace_back("the log's summary has another protocol than the commits");
  }
  if (snapshot.metadata() != replayed->metadata()) {
    faults.emplace_back("the log's summary has other metadata than the commits");
  }
  compare_files(snapshot, *replayed, faults);
  return faults;
}

}  // namespace delta
