#include "engine/executor/held_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <utility>

#include "base/error.h"

namespace engine {
namespace {

[[noreturn]] void fail_on_file(const std::string& verb, const std::string& path, int number) {
  const std::string words = std::strerror(number);
  throw base::Error(base::Stage::kMaterialization, "RUN_JOURNAL_FAILED",
                    "cannot " + verb + " '" + path + "': " + words,
                    {{"path", path}, {"error", words}});
}

// NFS locks only what is open for writing; what belongs to somebody else may be readable alone.
int open_to_lock(const std::string& path) {
  const int number = ::open(path.c_str(), O_RDWR | O_CLOEXEC);
  if (number >= 0 || (errno != EACCES && errno != EROFS)) return number;
  return ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
}

// False when somebody else has the lock. A file system without locks says otherwise.
bool lock_file(int number) {
  return ::flock(number, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK;
}

// Whether the open file is still the one at `path`: its owner may have removed or replaced it.
bool is_file_at(int number, const std::string& path) {
  struct stat open{};
  struct stat named{};
  return ::fstat(number, &open) == 0 && ::stat(path.c_str(), &named) == 0 &&
         open.st_dev == named.st_dev && open.st_ino == named.st_ino;
}

void sync_folder_of(const std::string& path) {
  const std::string folder = std::filesystem::path(path).parent_path().string();
  const int number = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  // EINVAL: a file system that has nothing to sync for a folder.
  const bool is_synced = number >= 0 && (::fsync(number) == 0 || errno == EINVAL);
  const int reason = errno;
  if (number >= 0) ::close(number);
  if (!is_synced) fail_on_file("sync folder", folder, reason);
}

}  // namespace

HeldFile::HeldFile(HeldFile&& other) noexcept : number_(std::exchange(other.number_, -1)) {}

HeldFile& HeldFile::operator=(HeldFile&& other) noexcept {
  std::swap(number_, other.number_);
  return *this;
}

HeldFile::~HeldFile() {
  if (number_ >= 0) ::close(number_);
}

HeldFile HeldFile::take(const std::string& path) {
  HeldFile file(open_to_lock(path));
  if (!file.is_held() && errno != ENOENT) fail_on_file("open", path, errno);
  if (!file.is_held() || !lock_file(file.number_) || !is_file_at(file.number_, path)) return {};
  return file;
}

HeldFile HeldFile::rename(const std::string& from, const std::string& path) {
  HeldFile file(open_to_lock(from));
  if (!file.is_held()) fail_on_file("open", from, errno);
  lock_file(file.number_);
  if (std::rename(from.c_str(), path.c_str()) != 0) {
    const int reason = errno;
    ::unlink(from.c_str());
    fail_on_file("replace", path, reason);
  }
  sync_folder_of(path);
  return file;
}

}  // namespace engine
