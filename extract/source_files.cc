#include "extract/source_files.h"

#include <algorithm>
#include <climits>
#include <string_view>
#include <utility>

#include "base/error.h"
#include "extract/utf8.h"

namespace extract {
namespace {

namespace fs = std::filesystem;

bool has_python_extension(std::string_view name) {
  return name.ends_with(".py") || name.ends_with(".pyi") || name.ends_with(".pyw");
}

// The system counts the byte that ends the path.
bool is_too_long(const fs::path& path) { return path.native().size() + 1 > PATH_MAX; }

}  // namespace

SourceFileWalk::SourceFileWalk(const fs::path& root, std::vector<std::string> excluded, Warn warn)
    : excluded_(std::move(excluded)), warn_(std::move(warn)) {
  std::error_code error;
  if (!open(root, "", error)) {
    throw base::Error(base::Stage::kValidation, "SOURCE_NOT_FOUND",
                      "cannot read the source folder " + root.string() + ": " + error.message(),
                      {{"path", root.string()}});
  }
}

std::optional<SourceFile> SourceFileWalk::next() {
  while (!open_folders_.empty()) {
    Folder& folder = open_folders_.back();
    if (folder.entries.empty()) {
      open_folders_.pop_back();
      continue;
    }
    Entry entry = std::move(folder.entries.back());
    folder.entries.pop_back();
    std::string path = folder.prefix + entry.name;
    if (!is_utf8(path)) {
      std::string shown = replace_invalid_utf8(path);
      std::string message = shown + ": the path is not UTF-8; left out";
      warn_({"PATH_NOT_UTF8", std::move(shown), std::move(message)});
      continue;
    }
    if (is_too_long(entry.location)) {
      std::string message = path + ": the path is longer than the system takes; left out";
      warn_({"PATH_TOO_LONG", std::move(path), std::move(message)});
      continue;
    }
    if (!path.ends_with('/')) {
      return SourceFile{std::move(path), std::move(entry.location)};
    }
    std::error_code error;
    if (!open(entry.location, path, error)) {
      warn_({"DIRECTORY_UNREADABLE", path, path + ": cannot be read: " + error.message()});
    }
  }
  return std::nullopt;
}

bool SourceFileWalk::open(const fs::path& location, std::string prefix, std::error_code& error) {
  Folder folder{std::move(prefix), {}};
  fs::directory_iterator entries(location, error);
  for (; !error && entries != fs::directory_iterator(); entries.increment(error)) {
    std::error_code vanished;
    // As the listing tells it, where it does: a look by a path that is too long fails.
    if (entries->is_symlink(vanished)) continue;
    std::string name = entries->path().filename().native();
    if (entries->is_regular_file(vanished) && has_python_extension(name) &&
        !name.starts_with('.')) {
      folder.entries.push_back({std::move(name), entries->path()});
    } else if (entries->is_directory(vanished) && is_wanted_folder(name)) {
      folder.entries.push_back({name + '/', entries->path()});
    }
  }
  std::ranges::sort(folder.entries, std::ranges::greater{}, &Entry::name);
  if (!error) open_folders_.push_back(std::move(folder));
  return !error;
}

bool SourceFileWalk::is_wanted_folder(const std::string& name) const {
  return !name.starts_with('.') && std::ranges::find(excluded_, name) == excluded_.end();
}

}  // namespace extract
