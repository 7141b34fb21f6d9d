// Data files that no commit names yet.
#pragma once

#include <filesystem>
#include <memory>
#include <vector>

#include "delta/actions.h"
#include "delta/store.h"

namespace duck {

// Removes, when it goes, the files written into a table's folder and the folders made for them,
// unless a commit has named them. Never touches a file that it was not told of, nor a folder that
// holds anything.
class PendingFiles {
 public:
  // Looks at which folders are there; to be made before the first file is written.
  explicit PendingFiles(std::filesystem::path table);
  ~PendingFiles();
  PendingFiles(const PendingFiles&) = delete;
  PendingFiles& operator=(const PendingFiles&) = delete;

  // Files as in add actions: percent-encoded and relative to the table.
  void add(const std::vector<delta::AddFile>& files);
  // Removes these of them now: no commit is going to name them.
  void discard(const std::vector<delta::AddFile>& files);
  // A commit names the files now.
  void keep() { kept_ = true; }

 private:
  void remove(const std::vector<std::filesystem::path>& files) const;
  void remove_files(const std::vector<std::filesystem::path>& files) const;
  void remove_objects(const std::vector<std::filesystem::path>& files) const;
  void remove_new_folders() const;

  std::filesystem::path table_;
  std::shared_ptr<delta::Store> bucket_;    // null on the local file system
  std::filesystem::path first_new_folder_;  // empty: the table's folder was there
  bool log_was_there_ = false;
  std::vector<std::filesystem::path> files_;
  bool kept_ = false;
};

}  // namespace duck
