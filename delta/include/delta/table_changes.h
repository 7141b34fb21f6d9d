// What changed in a table from version to version, row by row: PROTOCOL.md, "Change Data Files" and
// "Reader Requirements for AddCDCFile".
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "delta/actions.h"
#include "delta/snapshot.h"
#include "delta/value.h"

namespace delta {

// The columns that a change has beside those of the table. In change data files the first is a
// column of the file.
inline constexpr const char* kChangeTypeColumn = "_change_type";  // string
inline constexpr const char* kCommitVersionColumn = "_commit_version";
inline constexpr const char* kCommitTimestampColumn = "_commit_timestamp";

// Whether commits of a table with `metadata` record their changes: delta.enableChangeDataFeed, or,
// where that is not set, delta.enableChangeDataCapture, its name of old, which Spark obeys, too.
bool records_changes(const Metadata& metadata);

// What the rows of a file are to the table.
enum class ChangeType {
  kInsert,
  kDelete,
  kInFile,  // the file's column _change_type tells it for each row
};

// "insert" or "delete"; empty for kInFile.
std::string_view to_string(ChangeType type);

// Rows of one file that changed in one commit.
struct FileChange {
  ChangeType type = ChangeType::kInsert;
  std::int64_t version = 0;
  std::int64_t timestamp = 0;  // of the commit, ms since the epoch: see history.h
  // Where the rows are. Those of its deletion vector are not part of the change.
  AddFile file;
  // Of the file, in bytes; a removal need not tell it, and file.size is 0 then.
  std::optional<std::int64_t> file_size;
  // When there, only the rows of this vector are part of the change.
  std::optional<DeletionVectorDescriptor> only;
};

// From which version to which, both included.
struct ChangeRange {
  // One of the two is needed. By timestamp it is the first version made then or later.
  std::optional<std::int64_t> from_version = std::nullopt;
  std::optional<Timestamp> from_timestamp = std::nullopt;
  // At most one of the two; without, the latest version, which a to_version beyond it means too.
  // By timestamp it is the newest version that was there then.
  std::optional<std::int64_t> to_version = std::nullopt;
  std::optional<Timestamp> to_timestamp = std::nullopt;
};

struct TableChanges {
  // Whose columns the changes are shown with: the latest, or, where a version at either end of the
  // range or the latest maps columns, that of the range's end.
  std::shared_ptr<const Snapshot> snapshot;
  // Oldest commit first.
  std::vector<FileChange> files;
};

// Finds the changes in the log; opens no data file. `latest` is the table's latest snapshot.
// A range between two commits, given by timestamps, has no changes. Errors beside those of
// Snapshot::load and history.h:
// DELTA_CHANGE_RANGE_INVALID: from and to are missing, given twice or in the wrong order.
// DELTA_VERSION_NOT_FOUND: the range starts after the latest version, or a commit in it is gone.
// DELTA_CHANGES_NOT_RECORDED (details["version"]): the table did not enable the change data feed.
// DELTA_CHANGES_SCHEMA_INCOMPATIBLE (details["version"], details["reason"]): a version in the range
// has columns that cannot be shown as those of `snapshot`: dropped or renamed since, or of another
// type.
TableChanges table_changes(const std::shared_ptr<const Snapshot>& latest, const ChangeRange& range);

}  // namespace delta
