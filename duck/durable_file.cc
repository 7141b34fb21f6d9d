#include "duck/durable_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>
#include <system_error>

#include "base/error.h"

namespace duck {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail(const std::string& what, const fs::path& path, int error_number) {
  const bool full = error_number == ENOSPC || error_number == EDQUOT;
  throw base::Error(base::Stage::kRuntime, full ? "DISK_FULL" : "DATA_FILE_FAILED",
                    "cannot " + what + " " + path.string() + ": " + std::strerror(error_number),
                    {{"path", path.string()}});
}

void sync(const fs::path& path, int flags) {
  const int file = ::open(path.c_str(), flags | O_CLOEXEC);
  if (file < 0) fail("open", path, errno);
  // EINVAL: a file system that has nothing to sync for a folder.
  const int failed = ::fsync(file) == 0 || errno == EINVAL ? 0 : errno;
  ::close(file);
  if (failed != 0) fail("sync", path, failed);
}

}  // namespace

void make_durable_folders(const fs::path& folder) {
  if (folder.empty() || fs::is_directory(folder)) return;
  make_durable_folders(folder.parent_path());
  std::error_code error;
  fs::create_directory(folder, error);
  if (error) fail("create the folder", folder, error.value());
  sync(folder.parent_path(), O_RDONLY | O_DIRECTORY);
}

void rename_durably(const fs::path& from, const fs::path& to) {
  sync(from, O_RDWR);
  // Hadoop keeps a checksum beside a file that it wrote, and rejects what does not fit it.
  std::error_code ignored;
  fs::remove(to.parent_path() / ("." + to.filename().string() + ".crc"), ignored);
  if (::rename(from.c_str(), to.c_str()) != 0) fail("create", to, errno);
  sync(to.parent_path(), O_RDONLY | O_DIRECTORY);
}

}  // namespace duck
