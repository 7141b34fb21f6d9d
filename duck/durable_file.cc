#include "duck/durable_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <system_error>

#include "delta/hadoop_checksums.h"

namespace duck {
namespace {

namespace fs = std::filesystem;

constexpr base::Stage kStage = base::Stage::kRuntime;

// Calls `sync_call` on the open file or folder at `path`.
template <typename SyncCall>
void sync_with(const fs::path& path, int flags, base::Stage stage, SyncCall&& sync_call) {
  const int file = ::open(path.c_str(), flags | O_CLOEXEC);
  if (file < 0) throw file_error(stage, "open", path, errno);
  // EINVAL: a file system that has nothing to sync for a folder.
  const int failed = sync_call(file) == 0 || errno == EINVAL ? 0 : errno;
  ::close(file);
  if (failed != 0) throw file_error(stage, "sync", path, failed);
}

}  // namespace

base::Error file_error(base::Stage stage, const std::string& what, const fs::path& path,
                       int error_number) {
  const bool full = error_number == ENOSPC || error_number == EDQUOT;
  return {stage,
          full ? "DISK_FULL" : "DATA_FILE_FAILED",
          "cannot " + what + " " + path.string() + ": " + std::strerror(error_number),
          {{"path", path.string()}}};
}

void sync_file(const fs::path& file, base::Stage stage) { sync_with(file, O_RDWR, stage, ::fsync); }

void sync_folder(const fs::path& folder, base::Stage stage) {
  sync_with(folder, O_RDONLY | O_DIRECTORY, stage, ::fsync);
}

void sync_file_system_of(const fs::path& folder, base::Stage stage) {
  sync_with(folder, O_RDONLY | O_DIRECTORY, stage, ::syncfs);
}

void make_durable_folders(const fs::path& folder) {
  if (folder.empty() || fs::is_directory(folder)) return;
  make_durable_folders(folder.parent_path());
  std::error_code error;
  fs::create_directory(folder, error);
  if (error) throw file_error(kStage, "create the folder", folder, error.value());
  sync_folder(folder.parent_path(), kStage);
}

void rename_durably(const fs::path& from, const fs::path& to) {
  sync_file(from, kStage);
  // Those of a file that is there do not fit the one to come.
  if (!delta::remove_hadoop_checksums(to)) {
    throw file_error(kStage, "replace the checksums of", to, errno);
  }
  if (::rename(from.c_str(), to.c_str()) != 0) throw file_error(kStage, "create", to, errno);
  sync_folder(to.parent_path(), kStage);
}

}  // namespace duck
