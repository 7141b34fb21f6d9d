// The files below a table's folder that a vacuum must leave.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <unordered_set>

#include "delta/actions.h"
#include "delta/snapshot.h"

namespace delta {

// Paths below a table's folder, decoded.
class KeptFiles {
 public:
  explicit KeptFiles(const std::string& location);

  // Reads which files are live at the snapshot's version, which tombstones are of `since` (ms since
  // the epoch) or later, and what the commits whose files are that young name. Calls `each` for
  // every action and every file on the way: what it throws ends the reading.
  void read(const Snapshot& snapshot, std::int64_t since, const std::function<void()>& each);

  bool contains(const std::string& path_below) const { return paths_.contains(path_below); }

  // The path below the folder of a file in the log, or nothing for one that lies elsewhere.
  std::optional<std::string> below(const std::string& path_in_log) const;
  // Likewise for the file of a deletion vector; nothing for an inline one.
  std::optional<std::string> below(const DeletionVectorDescriptor& vector) const;

  void keep(const std::string& path_in_log, const std::optional<DeletionVectorDescriptor>& vector);

 private:
  std::optional<std::string> below_absolute(const std::string& path) const;

  std::string location_;
  std::string resolved_location_;  // without symbolic links
  std::unordered_set<std::string> paths_;
};

}  // namespace delta
