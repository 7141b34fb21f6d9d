#include "duck/spill_folder.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <vector>

#include "base/error.h"

namespace duck {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kFolderPrefix = "codeanatomy-spilled-";

[[noreturn]] void fail(const fs::path& parent, const std::string& reason) {
  throw base::Error(base::Stage::kRuntime, "SPILL_DIRECTORY_INVALID",
                    "cannot make a folder for spilled data in " + parent.string() + ": " + reason,
                    {{"path", parent.string()}});
}

// As the environment names it, also when there is no such folder.
fs::path system_folder() {
  for (const char* name : {"TMPDIR", "TMP", "TEMP", "TEMPDIR"}) {
    const char* const folder = std::getenv(name);
    if (folder != nullptr && *folder != '\0') return folder;
  }
  return "/tmp";
}

// A folder that somebody else is to have made is not made.
fs::path existing_system_folder() {
  std::error_code error;
  fs::path folder = system_folder();
  if (!fs::is_directory(folder, error) && !error) {
    error = std::make_error_code(std::errc::not_a_directory);
  }
  if (error) fail(folder, error.message());
  return folder;
}

// Gives what had to be made, the outermost first.
std::vector<fs::path> make_folders(const fs::path& folder) {
  std::error_code error;
  std::vector<fs::path> missing;
  for (fs::path path = fs::absolute(folder).lexically_normal();
       path.has_relative_path() && !fs::exists(path, error) && !error; path = path.parent_path()) {
    if (path.has_filename()) missing.insert(missing.begin(), path);
  }
  error.clear();
  fs::create_directories(folder, error);
  if (error) fail(folder, error.message());
  return missing;
}

int open_folder(const fs::path& path) {
  return ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

// Whether the open folder is still the one at `path`.
bool is_at(int folder, const fs::path& path) {
  struct stat open{};
  struct stat named{};
  return ::fstat(folder, &open) == 0 && ::lstat(path.c_str(), &named) == 0 &&
         open.st_dev == named.st_dev && open.st_ino == named.st_ino;
}

void remove_when_left(const fs::path& path) {
  const int folder = open_folder(path);
  if (folder < 0) return;
  std::error_code ignored;
  if (::flock(folder, LOCK_EX | LOCK_NB) == 0 && is_at(folder, path)) {
    fs::remove_all(path, ignored);
  }
  ::close(folder);
}

// Those of processes that were killed. What cannot be removed stays.
void remove_left_folders(const fs::path& parent) {
  std::error_code error;
  std::vector<fs::path> found;
  fs::directory_iterator entries(parent, error);
  for (; !error && entries != fs::directory_iterator(); entries.increment(error)) {
    if (entries->path().filename().native().starts_with(kFolderPrefix))
      found.push_back(entries->path());
  }
  for (const fs::path& path : found) remove_when_left(path);
}

}  // namespace

SpillFolder::SpillFolder(const std::string& parent) {
  const fs::path folder = parent.empty() ? existing_system_folder() : fs::path(parent);
  if (!parent.empty()) made_ = make_folders(folder);
  remove_left_folders(folder);
  const std::string pattern = (folder / (std::string(kFolderPrefix) + "XXXXXX")).string();
  while (true) {
    std::string name = pattern;
    if (mkdtemp(name.data()) == nullptr) {
      if (errno != ENOENT || parent.empty()) fail(folder, std::strerror(errno));
      // Another process had made the folder, and has just removed it.
      made_ = make_folders(folder);
      continue;
    }
    path_ = name;
    lock_ = open_folder(path_);
    const bool is_gone = lock_ < 0 && errno == ENOENT;
    // A file system without locks has folders that stay when their process is killed.
    if (!is_gone && (lock_ < 0 || ::flock(lock_, LOCK_EX) != 0 || is_at(lock_, path_))) return;
    // Another process came between and took the folder for one that was left.
    if (lock_ >= 0) ::close(lock_);
  }
}

SpillFolder::~SpillFolder() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
  // One that others use by now is not empty, and stays.
  for (; !made_.empty(); made_.pop_back()) fs::remove(made_.back(), ignored);
  if (lock_ >= 0) ::close(lock_);
}

}  // namespace duck
