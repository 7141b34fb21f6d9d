#include "delta/src/commit_times.h"

#include <algorithm>
#include <charconv>
#include <limits>
#include <string>
#include <string_view>
#include <utility>

#include "delta/src/commit_provenance.h"
#include "delta/src/commit_reader.h"
#include "delta/src/features.h"
#include "delta/src/log_error.h"
#include "delta/src/log_path.h"
#include "delta/src/log_segment.h"
#include "delta/word_property.h"

namespace delta {
namespace {

constexpr const char* kEnablementVersion = "delta.inCommitTimestampEnablementVersion";
constexpr const char* kEnablementTimestamp = "delta.inCommitTimestampEnablementTimestamp";
constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::max();

class CommitInfoSink final : public ActionSink {
 public:
  void on_commit_info(CommitInfo&& info) override { info_ = std::move(info); }
  CommitInfo finish() { return std::move(info_); }

 private:
  CommitInfo info_;
};

bool has_in_commit_timestamps(const Snapshot& snapshot) {
  const std::vector<std::string> features = writer_features(snapshot.protocol());
  return is_enabled(snapshot.metadata(), kInCommitTimestampsProperty) &&
         std::find(features.begin(), features.end(), "inCommitTimestamp") != features.end();
}

// Nothing when the property is not set.
std::optional<std::int64_t> number_property(const Snapshot& snapshot, const char* key) {
  const auto& configuration = snapshot.metadata().configuration;
  const auto entry = configuration.find(key);
  if (entry == configuration.end()) return std::nullopt;
  const std::string& text = entry->second;
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) {
    throw_log_corrupt(log_folder(snapshot.location()), std::nullopt,
                      std::string("property ") + key + " is '" + text + "', not a number");
  }
  return number;
}

}  // namespace

CommitTimes::CommitTimes(const Snapshot& latest) : latest_(latest), in_commit_from_(kNever) {
  const std::string folder = log_folder(latest.location());
  for (const FileStatus& file : latest.store()->list(folder, version_digits(0))) {
    const auto name = parse_log_file_name(std::string_view(file.path).substr(folder.size() + 1));
    if (!name || name->kind != LogFileKind::kCommit || name->version > latest.version()) continue;
    const std::int64_t least =
        file_times_.empty() ? file.modification_time : file_times_.back() + 1;
    versions_.push_back(name->version);
    file_times_.push_back(std::max(file.modification_time, least));
  }
  if (!versions_.empty() && versions_.front() > 0) {
    const auto earliest = earliest_version(*latest.store(), latest.location());
    first_readable_ = index_from(earliest.value_or(kNever));
  }
  if (has_in_commit_timestamps(latest)) {
    in_commit_from_ = number_property(latest, kEnablementVersion).value_or(0);
    in_commit_since_ = number_property(latest, kEnablementTimestamp);
  }
}

std::size_t CommitTimes::index_from(std::int64_t version) const {
  return static_cast<std::size_t>(std::lower_bound(versions_.begin(), versions_.end(), version) -
                                  versions_.begin());
}

CommitTime CommitTimes::at(std::size_t index) const {
  const std::int64_t version = versions_[index];
  if (!is_in_commit(version)) return {version, file_times_[index]};
  const std::string path = commit_path(latest_.location(), version);
  return {version, in_commit_timestamp(read_commit_info(*latest_.store(), path), path)};
}

std::optional<std::size_t> CommitTimes::newest_at(std::int64_t time, std::size_t first) const {
  // File times and in-commit timestamps do not compare: a copied log has new files.
  const std::size_t boundary = std::max(first, index_from(in_commit_from_));
  const bool in_commit =
      in_commit_from_ != kNever && (!in_commit_since_ || *in_commit_since_ <= time);
  std::size_t low = in_commit ? boundary : first;
  std::size_t high = in_commit ? versions_.size() : boundary;
  const std::size_t begin = low;
  while (low < high) {
    const std::size_t middle = low + (high - low) / 2;
    if (at(middle).timestamp <= time) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  if (low == begin) return std::nullopt;
  return low - 1;
}

std::size_t CommitTimes::first_in_commit_at(std::int64_t time) const {
  const bool has_begun = in_commit_since_ && *in_commit_since_ <= time;
  return has_begun ? index_from(in_commit_from_) : 0;
}

std::int64_t in_commit_timestamp(const CommitInfo& info, const std::string& path) {
  const auto entry = info.fields.find("inCommitTimestamp");
  if (entry == info.fields.end() || !entry->is_number_integer()) {
    throw_log_corrupt(path, std::nullopt, "commitInfo has no inCommitTimestamp");
  }
  return entry->get<std::int64_t>();
}

CommitInfo read_commit_info(const Store& store, const std::string& path) {
  CommitInfoSink sink;
  CommitReader().read(store.read(path), path, ActionSelection{.commit_info = true}, sink);
  return sink.finish();
}

}  // namespace delta
