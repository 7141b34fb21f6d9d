#include "delta/src/durable_write.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

#include "base/uuid.h"
#include "delta/hadoop_checksums.h"
#include "delta/src/file_descriptor.h"
#include "delta/src/store_error.h"

namespace delta {
namespace {

void create_folders(const std::string& folder) {
  struct stat status;
  if (::stat(folder.c_str(), &status) == 0) {
    if (!S_ISDIR(status.st_mode)) throw_store_error("create folder", folder, ENOTDIR);
    return;
  }
  if (errno != ENOENT) throw_store_error("create folder", folder, errno);
  const std::string parent = folder_of(folder);
  if (parent != folder) create_folders(parent);
  if (::mkdir(folder.c_str(), 0777) != 0 && errno != EEXIST) {
    throw_store_error("create folder", folder, errno);
  }
  sync_folder(parent);
}

void write_all(int descriptor, std::string_view bytes, const std::string& path) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) throw_store_error("write", path, errno);
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
}

// A synced file beside `path` that goes away with this object. Its name starts with '.', which no
// reader of a table takes for a part of it.
class TemporaryFile {
 public:
  TemporaryFile(const std::string& path, std::string_view bytes) : path_(name_beside(path)) {
    FileDescriptor descriptor(::open(path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666));
    if (!descriptor.is_open()) {
      const int error_number = errno;
      throw_store_error("create", path, error_number);
    }
    try {
      write_all(descriptor.number(), bytes, path);
      if (::fsync(descriptor.number()) != 0) throw_store_error("sync", path, errno);
      if (const int error_number = descriptor.close()) {
        throw_store_error("close", path, error_number);
      }
    } catch (...) {
      ::unlink(path_.c_str());
      throw;
    }
  }
  ~TemporaryFile() {
    if (!path_.empty()) ::unlink(path_.c_str());
  }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;

  const std::string& path() const { return path_; }
  // It has been renamed: there is nothing to remove.
  void release() { path_.clear(); }

 private:
  static std::string name_beside(const std::string& path) {
    const std::size_t slash = path.rfind('/');
    const std::size_t name = slash == std::string::npos ? 0 : slash + 1;
    return path.substr(0, name) + "." + path.substr(name) + "." + base::random_uuid() + ".tmp";
  }

  std::string path_;
};

// Those of the file that was there before do not fit the one to come.
void remove_old_checksums(const std::string& path) {
  if (!remove_hadoop_checksums(path)) throw_store_error("replace the checksums of", path, errno);
}

// Gives the file its name unless that is taken.
bool publish_if_absent(TemporaryFile& file, const std::string& path) {
  if (::link(file.path().c_str(), path.c_str()) == 0) return true;
  if (errno == EEXIST) return false;
  // File systems without hard links; a rename that never replaces does the same there.
  if (errno != EPERM && errno != EOPNOTSUPP && errno != ENOSYS && errno != EMLINK) {
    throw_store_error("create", path, errno);
  }
  const int refused = errno;
  if (::renameat2(AT_FDCWD, file.path().c_str(), AT_FDCWD, path.c_str(), RENAME_NOREPLACE) == 0) {
    file.release();
    return true;
  }
  if (errno == EEXIST) return false;
  throw_store_error("create", path, errno == EINVAL || errno == ENOSYS ? refused : errno);
}

}  // namespace

std::string folder_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

void sync_folder(const std::string& folder) {
  const FileDescriptor descriptor(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!descriptor.is_open()) throw_store_error("open folder", folder, errno);
  // EINVAL: a file system that has nothing to sync for a folder.
  if (::fsync(descriptor.number()) != 0 && errno != EINVAL) {
    throw_store_error("sync folder", folder, errno);
  }
}

bool write_if_absent(const std::string& path, std::string_view bytes) {
  const std::string folder = folder_of(path);
  create_folders(folder);
  if (::access(path.c_str(), F_OK) == 0) return false;  // spares the write; link decides
  {
    TemporaryFile file(path, bytes);
    remove_old_checksums(path);
    if (!publish_if_absent(file, path)) return false;
  }
  sync_folder(folder);
  return true;
}

void write_or_replace(const std::string& path, std::string_view bytes) {
  const std::string folder = folder_of(path);
  create_folders(folder);
  TemporaryFile file(path, bytes);
  remove_old_checksums(path);
  if (::rename(file.path().c_str(), path.c_str()) != 0) throw_store_error("replace", path, errno);
  file.release();
  sync_folder(folder);
}

}  // namespace delta
