// Where one database puts what does not fit into memory.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace duck {

// A folder of its own for spilled data, removed at the end. Two processes given the same parent
// would otherwise use the same names. A process that is killed leaves its folder; the next one that
// is given the same parent removes it: a folder is locked for as long as its process lives.
class SpillFolder {
 public:
  // A new folder in `parent`, which is made where it is missing and then removed with it, or in the
  // system's folder for temporary files when empty. Throws
  // base::Error SPILL_DIRECTORY_INVALID at Stage::kRuntime (details path).
  explicit SpillFolder(const std::string& parent);
  ~SpillFolder();
  SpillFolder(const SpillFolder&) = delete;
  SpillFolder& operator=(const SpillFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
  std::vector<std::filesystem::path> made_;  // around it, the outermost first
  int lock_ = -1;
};

}  // namespace duck
