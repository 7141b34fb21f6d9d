// Finding the Python files below a folder.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <system_error>
#include <vector>

#include "extract/extract_warning.h"

namespace extract {

struct SourceFile {
  std::string path;  // relative to the folder, with '/', valid UTF-8
  std::filesystem::path location;
};

// Walks a folder and gives its .py, .pyi and .pyw files in the byte order of their paths. Only the
// entries of the folders on the way down are in memory. Left out: symbolic links (so a loop is no
// danger and nothing outside is read), hidden entries (a leading dot), excluded folders, and
// anything that is no regular file. Not thread-safe.
class SourceFileWalk {
 public:
  using Warn = std::function<void(ExtractWarning)>;

  // `excluded` are names of folders left out at any depth below `root`. Throws base::Error
  // SOURCE_NOT_FOUND when `root` is no readable folder. A folder below it that cannot be read is
  // DIRECTORY_UNREADABLE, a name that is no UTF-8 is PATH_NOT_UTF8, a file or folder whose path is
  // longer than the system takes is PATH_TOO_LONG, all given to `warn`.
  SourceFileWalk(const std::filesystem::path& root, std::vector<std::string> excluded, Warn warn);

  // The next file; nothing when there are no more.
  std::optional<SourceFile> next();

 private:
  struct Entry {
    std::string name;  // ends in '/' for a folder
    std::filesystem::path location;
  };
  struct Folder {
    std::string prefix;          // "" or "a/b/"
    std::vector<Entry> entries;  // in descending order: the next one is the last
  };

  // False when the folder cannot be read; `error` says why.
  bool open(const std::filesystem::path& location, std::string prefix, std::error_code& error);
  bool is_wanted_folder(const std::string& name) const;

  std::vector<std::string> excluded_;
  Warn warn_;
  std::vector<Folder> open_folders_;
};

}  // namespace extract
