// The local file system; how files are written there: durable_write.h.
#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <optional>
#include <set>
#include <utility>

#include "base/error.h"
#include "delta/hadoop_checksums.h"
#include "delta/src/durable_write.h"
#include "delta/src/file_descriptor.h"
#include "delta/src/file_read.h"
#include "delta/src/hadoop_checksum.h"
#include "delta/src/store_error.h"
#include "delta/store.h"

namespace delta {
namespace {

struct CloseFolder {
  void operator()(DIR* folder) const { ::closedir(folder); }
};

// What `read` gives, which holds a file to its checksums. One that another writer is replacing has
// those of the file before for a moment.
template <typename Read>
auto read_checked(const Read& read) -> decltype(read()) {
  try {
    return read();
  } catch (const base::Error& error) {
    if (error.code() != "DELTA_STORE_CHECKSUM_MISMATCH") throw;
  }
  return read();
}

std::int64_t to_ms(const timespec& time) {
  return static_cast<std::int64_t>(time.tv_sec) * 1000 + time.tv_nsec / 1000000;
}

class LocalStore final : public Store {
 public:
  std::string read(const std::string& path) const override {
    return read_checked([&] {
      const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
      std::string bytes = read_to_end(file.number(), size_of(file, path), path);
      if (const auto checksums = HadoopChecksums::beside(path)) {
        checksums->check(bytes, 0, static_cast<std::int64_t>(bytes.size()));
      }
      return bytes;
    });
  }

  std::string read_range(const std::string& path, std::int64_t offset,
                         std::int64_t size) const override {
    const FileDescriptor descriptor(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    const auto end = static_cast<std::int64_t>(size_of(descriptor, path));
    return read_at(descriptor.number(), offset, std::clamp<std::int64_t>(end - offset, 0, size),
                   path);
  }

  bool check_range(const std::string& path, std::int64_t offset, std::int64_t size) const override {
    return read_checked([&] {
      const auto checksums = HadoopChecksums::beside(path);
      return checksums && check_chunks(*checksums, path, offset, size);
    });
  }

  std::vector<FileStatus> list(const std::string& directory,
                               std::string_view first_name) const override {
    const std::unique_ptr<DIR, CloseFolder> folder(::opendir(directory.c_str()));
    if (!folder) {
      if (errno == ENOENT) return {};
      throw_store_error("list", directory, errno);
    }
    std::vector<FileStatus> files;
    while (const std::optional<std::string> name = next_name(folder.get(), directory)) {
      if (*name < first_name) continue;
      struct stat status;
      if (::fstatat(::dirfd(folder.get()), name->c_str(), &status, 0) != 0) {
        if (errno == ENOENT) continue;  // removed since, or a dangling link
        throw_store_error("list", directory + "/" + *name, errno);
      }
      if (!S_ISREG(status.st_mode)) continue;
      files.push_back({directory + "/" + *name, status.st_size, to_ms(status.st_mtim)});
    }
    std::sort(files.begin(), files.end(),
              [](const FileStatus& a, const FileStatus& b) { return a.path < b.path; });
    return files;
  }

  bool put_if_absent(const std::string& path, std::string_view bytes) override {
    return write_if_absent(path, bytes);
  }

  void put(const std::string& path, std::string_view bytes) override {
    write_or_replace(path, bytes);
  }

  void remove(const std::string& path) override {
    if (::unlink(path.c_str()) != 0) {
      if (errno == ENOENT) return;
      throw_store_error("remove", path, errno);
    }
    remove_hadoop_checksums(path);  // what they are of is gone, with them or without
    sync_folder(folder_of(path));
  }

  std::vector<FileStatus> list_tree(const std::string& directory,
                                    const FolderFilter& enters) const override {
    std::vector<FileStatus> files;
    walk(directory, "", enters, files);
    return files;
  }

  void remove_all(std::span<const std::string> paths) override {
    std::set<std::string> folders;
    for (const std::string& path : paths) {
      if (::unlink(path.c_str()) == 0) {
        remove_hadoop_checksums(path);
        folders.insert(folder_of(path));
      } else if (errno != ENOENT) {
        throw_store_error("remove", path, errno);
      }
    }
    for (const std::string& folder : folders) sync_folder(folder);
  }

  std::int64_t remove_empty_folders(const std::string& directory, const FolderFilter& enters,
                                    std::int64_t unchanged_since) override {
    std::int64_t removed = 0;
    for (const std::string& name : folders_in(directory, "", enters)) {
      removed += remove_if_empty(directory, name, enters, unchanged_since);
    }
    return removed;
  }

 private:
  static std::size_t size_of(const FileDescriptor& descriptor, const std::string& path) {
    if (!descriptor.is_open()) throw_store_error("read", path, errno);
    struct stat status;
    if (::fstat(descriptor.number(), &status) != 0) throw_store_error("read", path, errno);
    if (S_ISDIR(status.st_mode)) throw_store_error("read", path, EISDIR);
    return static_cast<std::size_t>(status.st_size);
  }

  // Holds the chunks that the range is in to their checksums, some at a time. False when the file
  // is gone: whoever has it open may read on.
  static bool check_chunks(const HadoopChecksums& checksums, const std::string& path,
                           std::int64_t offset, std::int64_t size) {
    constexpr std::int64_t kBytesAtOnce = std::int64_t{1} << 20;
    const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!file.is_open() && errno == ENOENT) return false;
    const auto file_size = static_cast<std::int64_t>(size_of(file, path));
    const std::int64_t chunk = checksums.chunk_size();
    if (offset >= file_size) return true;
    const std::int64_t end = offset + std::min(size, file_size - offset);
    const std::int64_t chunks_at_once = std::max<std::int64_t>(kBytesAtOnce / chunk, 1);
    const std::int64_t end_chunk = (end + chunk - 1) / chunk;
    for (std::int64_t first = offset / chunk; first < end_chunk; first += chunks_at_once) {
      const std::int64_t begin = first * chunk;
      const std::int64_t chunks = std::min(chunks_at_once, end_chunk - first);
      const std::int64_t count = std::min(chunks * chunk, file_size - begin);
      checksums.check(read_at(file.number(), begin, count, path), first, file_size);
    }
    return true;
  }

  struct Entry {
    std::string name;
    struct stat status;
  };

  // What is in the folder, symbolic links left out. Nothing when it is not there (any more).
  static std::vector<Entry> entries_of(const std::string& directory) {
    const std::unique_ptr<DIR, CloseFolder> folder(::opendir(directory.c_str()));
    if (!folder) {
      if (errno == ENOENT) return {};
      throw_store_error("list", directory, errno);
    }
    std::vector<Entry> entries;
    while (std::optional<std::string> name = next_name(folder.get(), directory)) {
      if (*name == "." || *name == "..") continue;
      Entry entry{std::move(*name), {}};
      if (::fstatat(::dirfd(folder.get()), entry.name.c_str(), &entry.status,
                    AT_SYMLINK_NOFOLLOW) != 0) {
        if (errno == ENOENT) continue;
        throw_store_error("list", directory + "/" + entry.name, errno);
      }
      if (!S_ISLNK(entry.status.st_mode)) entries.push_back(std::move(entry));
    }
    return entries;
  }

  static void walk(const std::string& root, const std::string& below, const FolderFilter& enters,
                   std::vector<FileStatus>& files) {
    const std::string directory = below.empty() ? root : root + "/" + below;
    for (const Entry& entry : entries_of(directory)) {
      const std::string path = below.empty() ? entry.name : below + "/" + entry.name;
      if (S_ISDIR(entry.status.st_mode)) {
        if (enters(path)) walk(root, path, enters, files);
      } else if (S_ISREG(entry.status.st_mode)) {
        files.push_back(
            {directory + "/" + entry.name, entry.status.st_size, to_ms(entry.status.st_mtim)});
      }
    }
  }

  static std::vector<std::string> folders_in(const std::string& root, const std::string& below,
                                             const FolderFilter& enters) {
    std::vector<std::string> folders;
    std::string folder = root;
    if (!below.empty()) folder.append("/").append(below);
    for (const Entry& entry : entries_of(folder)) {
      std::string path = below;
      if (!path.empty()) path += '/';
      path += entry.name;
      if (S_ISDIR(entry.status.st_mode) && enters(path)) folders.push_back(std::move(path));
    }
    return folders;
  }

  // How many of the folder at `below` and those in it went. One that a folder went from has
  // changed, and stays until it is old again.
  static std::int64_t remove_if_empty(const std::string& root, const std::string& below,
                                      const FolderFilter& enters, std::int64_t unchanged_since) {
    std::int64_t removed = 0;
    for (const std::string& folder : folders_in(root, below, enters)) {
      removed += remove_if_empty(root, folder, enters, unchanged_since);
    }
    const std::string path = root + "/" + below;
    struct stat status;
    if (::lstat(path.c_str(), &status) != 0) return removed;
    if (to_ms(status.st_mtim) >= unchanged_since) return removed;
    if (::rmdir(path.c_str()) == 0) return removed + 1;
    if (errno == ENOENT || errno == ENOTEMPTY || errno == EEXIST) return removed;
    throw_store_error("remove folder", path, errno);
  }

  static std::optional<std::string> next_name(DIR* folder, const std::string& directory) {
    errno = 0;
    const dirent* const entry = ::readdir(folder);
    if (entry) return entry->d_name;
    if (errno != 0) throw_store_error("list", directory, errno);
    return std::nullopt;
  }
};

}  // namespace

std::shared_ptr<Store> local_store() { return std::make_shared<LocalStore>(); }

}  // namespace delta
