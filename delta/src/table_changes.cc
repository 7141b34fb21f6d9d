#include "delta/table_changes.h"

#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <utility>

#include "base/error.h"
#include "delta/column_mapping.h"
#include "delta/history.h"
#include "delta/src/change_schema.h"
#include "delta/src/commit_reader.h"
#include "delta/src/commit_times.h"
#include "delta/src/log_path.h"
#include "delta/store.h"
#include "delta/word_property.h"

namespace delta {
namespace {

constexpr const char* kFeedProperty = "delta.enableChangeDataFeed";
constexpr const char* kLegacyFeedProperty = "delta.enableChangeDataCapture";

struct Versions {
  std::int64_t first = 0;
  std::int64_t last = 0;  // before the first: no version at all
};

[[noreturn]] void throw_invalid(const Snapshot& latest, const std::string& what) {
  throw base::Error(base::Stage::kValidation, "DELTA_CHANGE_RANGE_INVALID",
                    "changes of table '" + latest.location() + "': " + what,
                    {{"path", latest.location()}});
}

[[noreturn]] void throw_version(const Snapshot& latest, std::int64_t version, const char* code,
                                const std::string& what) {
  throw base::Error(
      base::Stage::kValidation, code, "changes of table '" + latest.location() + "': " + what,
      {{"path", latest.location()}, {"version", std::to_string(version)}, {"reason", what}});
}

Versions find_versions(const Snapshot& latest, const ChangeRange& range) {
  if (range.from_version.has_value() == range.from_timestamp.has_value()) {
    throw_invalid(latest, "they need either a first version or a first timestamp");
  }
  if (range.to_version && range.to_timestamp) {
    throw_invalid(latest, "their end is given twice, by version and by timestamp");
  }
  Versions versions{0, latest.version()};
  versions.first = range.from_version ? *range.from_version
                                      : first_version_since(latest, *range.from_timestamp).version;
  if (versions.first < 0) throw_invalid(latest, "versions start at 0");
  if (versions.first > latest.version()) {
    throw_version(latest, versions.first, "DELTA_VERSION_NOT_FOUND",
                  "there is no version " + std::to_string(versions.first) + ", the latest is " +
                      std::to_string(latest.version()));
  }
  if (range.to_version) versions.last = std::min(versions.last, *range.to_version);
  if (range.to_timestamp) versions.last = version_as_of(latest, *range.to_timestamp).version;
  const bool is_between_commits = range.from_timestamp && range.to_timestamp &&
                                  *range.from_timestamp <= *range.to_timestamp &&
                                  versions.last == versions.first - 1;
  if (versions.last < versions.first && !is_between_commits) {
    throw_invalid(latest, "their end, version " + std::to_string(versions.last) +
                              ", is before their start, version " + std::to_string(versions.first));
  }
  return versions;
}

// The actions of one commit that say what changed.
class CommitActions final : public ActionSink {
 public:
  void on_protocol(Protocol&& action) override { protocol = std::move(action); }
  void on_metadata(Metadata&& action) override { metadata = std::move(action); }
  void on_add(AddFile&& action) override {
    if (action.data_change) adds.push_back(std::move(action));
  }
  void on_remove(RemoveFile&& action) override {
    if (action.data_change) removes.push_back(std::move(action));
  }
  void on_cdc(AddCdcFile&& action) override { changes.push_back(std::move(action)); }
  void on_commit_info(CommitInfo&& action) override { info = std::move(action.fields); }

  std::optional<Protocol> protocol;
  std::optional<Metadata> metadata;
  // As in the commit, from the last to the first.
  std::vector<AddFile> adds;
  std::vector<RemoveFile> removes;
  std::vector<AddCdcFile> changes;
  nlohmann::json info = nlohmann::json::object();
};

// Spark's MERGE may write files again without having changed a row.
bool changed_no_row(const nlohmann::json& info) {
  if (info.value("operation", nlohmann::json()) != "MERGE") return false;
  const auto metrics = info.find("operationMetrics");
  if (metrics == info.end() || !metrics->is_object()) return false;
  constexpr std::array kCounts = {"numTargetRowsInserted", "numTargetRowsUpdated",
                                  "numTargetRowsDeleted"};
  return std::all_of(kCounts.begin(), kCounts.end(), [&](const char* count) {
    return metrics->value(count, nlohmann::json()) == "0";
  });
}

AddFile to_file(RemoveFile remove) {
  AddFile file;
  file.path = std::move(remove.path);
  file.partition_values = remove.partition_values.value_or(PartitionValues{});
  file.size = remove.size.value_or(0);
  file.deletion_vector = std::move(remove.deletion_vector);
  return file;
}

class ChangeFinder {
 public:
  ChangeFinder(const Snapshot& latest, TableDefinition shown)
      : latest_(latest), shown_(std::move(shown)), times_(latest) {}

  // The definition before the first commit that is read.
  void start_from(TableDefinition definition, std::int64_t version) {
    current_ = std::move(definition);
    check_definition(version);
  }

  void read(std::int64_t version) {
    const auto& versions = times_.versions();
    const auto found = std::lower_bound(versions.begin(), versions.end(), version);
    if (found == versions.end() || *found != version) {
      throw_version(latest_, version, "DELTA_VERSION_NOT_FOUND",
                    "the log no longer holds the commit of version " + std::to_string(version));
    }
    const std::string path = commit_path(latest_.location(), version);
    CommitActions actions;
    reader_.read(latest_.store()->read(path), path, kEveryAction, actions);
    take_definition(actions, version);
    version_ = version;
    timestamp_ = times_.file_time(static_cast<std::size_t>(found - versions.begin()));
    if (actions.info.contains("inCommitTimestamp")) {
      timestamp_ = in_commit_timestamp(CommitInfo{actions.info}, path);
    }
    take_files(std::move(actions));
  }

  std::vector<FileChange> finish() { return std::move(files_); }

 private:
  void take_definition(const CommitActions& actions, std::int64_t version) {
    if (actions.protocol) current_.protocol = *actions.protocol;
    if (actions.metadata) current_.metadata = *actions.metadata;
    if (actions.protocol || actions.metadata) check_definition(version);
  }

  void check_definition(std::int64_t version) const {
    check_readable(current_.protocol);
    if (!records_changes(current_.metadata)) {
      throw_version(latest_, version, "DELTA_CHANGES_NOT_RECORDED",
                    "version " + std::to_string(version) + " does not record them (" +
                        kFeedProperty + " is not true)");
    }
    if (const auto reason = why_not_readable_as(current_, shown_)) {
      throw_version(latest_, version, "DELTA_CHANGES_SCHEMA_INCOMPATIBLE",
                    "since version " + std::to_string(version) + " " + *reason);
    }
  }

  void take_files(CommitActions actions) {
    if (!actions.changes.empty()) {
      std::reverse(actions.changes.begin(), actions.changes.end());
      for (AddCdcFile& change : actions.changes) take_change_file(std::move(change));
      return;
    }
    if (changed_no_row(actions.info)) return;
    std::reverse(actions.adds.begin(), actions.adds.end());
    std::reverse(actions.removes.begin(), actions.removes.end());
    std::map<std::string, AddFile*> added;
    for (AddFile& add : actions.adds) added[canonical_path(add.path)] = &add;
    for (RemoveFile& remove : actions.removes) {
      const auto again = added.find(canonical_path(remove.path));
      if (again == added.end()) {
        require_partition_values(remove);
        take_removed(std::move(remove), std::nullopt);
      } else {
        take_pair(std::move(remove), *again->second);
        added.erase(again);
      }
    }
    for (AddFile& add : actions.adds) {
      if (!added.contains(canonical_path(add.path))) continue;
      take_added(std::move(add), std::nullopt);
    }
  }

  void require_partition_values(const RemoveFile& remove) const {
    if (remove.partition_values || current_.metadata.partition_columns.empty()) return;
    throw_version(latest_, version_, "DELTA_CHANGES_NOT_RECORDED",
                  "version " + std::to_string(version_) + " removes '" + remove.path +
                      "' without its partition values");
  }

  void take_change_file(AddCdcFile&& change) {
    AddFile file;
    file.path = std::move(change.path);
    file.partition_values = std::move(change.partition_values);
    file.size = change.size;
    emit(ChangeType::kInFile, std::move(file), change.size, std::nullopt);
  }

  // The file stays, with another deletion vector: rows of the new one alone are deleted, rows of
  // the old one alone are there again.
  void take_pair(RemoveFile&& remove, const AddFile& add) {
    const auto before = remove.deletion_vector;
    const auto after = add.deletion_vector;
    if (before == after) return;
    if (!remove.partition_values) remove.partition_values = add.partition_values;
    if (!remove.size) remove.size = add.size;
    if (after) take_removed(std::move(remove), after);
    if (before) take_added(add, before);
  }

  void take_added(AddFile add, std::optional<DeletionVectorDescriptor> only) {
    const std::int64_t size = add.size;
    emit(ChangeType::kInsert, std::move(add), size, std::move(only));
  }

  void take_removed(RemoveFile remove, std::optional<DeletionVectorDescriptor> only) {
    const std::optional<std::int64_t> size = remove.size;
    emit(ChangeType::kDelete, to_file(std::move(remove)), size, std::move(only));
  }

  void emit(ChangeType type, AddFile file, std::optional<std::int64_t> size,
            std::optional<DeletionVectorDescriptor> only) {
    file.stats.reset();  // of no use here, and large
    files_.push_back({type, version_, timestamp_, std::move(file), size, std::move(only)});
  }

  const Snapshot& latest_;
  const TableDefinition shown_;
  const CommitTimes times_;
  CommitReader reader_;
  TableDefinition current_;
  std::int64_t version_ = 0;
  std::int64_t timestamp_ = 0;
  std::vector<FileChange> files_;
};

bool maps_columns(const Snapshot& snapshot) {
  return column_mapping(snapshot.protocol(), snapshot.metadata()) != ColumnMapping::kNone;
}

TableDefinition definition_of(const Snapshot& snapshot) {
  return {snapshot.protocol(), snapshot.metadata()};
}

std::shared_ptr<const Snapshot> at_version(const std::shared_ptr<const Snapshot>& latest,
                                           std::int64_t version) {
  if (version == latest->version()) return latest;
  return Snapshot::load(latest->store(), latest->engine(), latest->location(), version);
}

void refuse_reserved_names(const Snapshot& snapshot) {
  for (const char* name : {kChangeTypeColumn, kCommitVersionColumn, kCommitTimestampColumn}) {
    if (!snapshot.schema().find(name)) continue;
    throw base::Error(base::Stage::kRuntime, "DELTA_SCHEMA_INVALID",
                      "changes of table '" + snapshot.location() + "': its column '" + name +
                          "' has a name that is reserved for changes",
                      {{"path", snapshot.location()}, {"column", name}});
  }
}

}  // namespace

std::string_view to_string(ChangeType type) {
  switch (type) {
    case ChangeType::kInsert:
      return "insert";
    case ChangeType::kDelete:
      return "delete";
    case ChangeType::kInFile:
      return "";
  }
  return "";
}

bool records_changes(const Metadata& metadata) {
  return is_enabled(metadata, metadata.configuration.contains(kFeedProperty) ? kFeedProperty
                                                                             : kLegacyFeedProperty);
}

TableChanges table_changes(const std::shared_ptr<const Snapshot>& latest,
                           const ChangeRange& range) {
  const Versions versions = find_versions(*latest, range);
  TableChanges changes{latest, {}};
  if (versions.last < versions.first) {
    refuse_reserved_names(*latest);
    return changes;
  }
  const auto first = at_version(latest, versions.first);
  const auto last = at_version(latest, versions.last);
  if (maps_columns(*first) || maps_columns(*last) || maps_columns(*latest)) changes.snapshot = last;
  refuse_reserved_names(*changes.snapshot);
  ChangeFinder finder(*latest, definition_of(*changes.snapshot));
  finder.start_from(definition_of(*first), versions.first);
  for (std::int64_t version = versions.first; version <= versions.last; ++version) {
    finder.read(version);
  }
  changes.files = finder.finish();
  return changes;
}

}  // namespace delta
