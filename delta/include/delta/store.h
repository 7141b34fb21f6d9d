// Where a table's log and data live.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace delta {

struct FileStatus {
  std::string path;
  std::int64_t size = 0;               // bytes
  std::int64_t modification_time = 0;  // ms since the epoch
};

// Whether a walk goes into the folder; the path is that below where the walk started ("a/b").
using FolderFilter = std::function<bool(std::string_view folder)>;

// Milliseconds since the epoch.
using Clock = std::function<std::int64_t()>;

// A store of files under '/'-separated paths. Implementations are thread-safe; every call is
// durable when it returns. Errors are base::Error with code DELTA_STORE_<what>, the path in
// details["path"], and the system's own words in the message.
class Store {
 public:
  virtual ~Store() = default;

  // The whole file. DELTA_STORE_NOT_FOUND when there is none.
  virtual std::string read(const std::string& path) const = 0;

  // The `size` bytes from `offset` on, both not negative; fewer where the file ends before.
  // DELTA_STORE_NOT_FOUND when there is none.
  virtual std::string read_range(const std::string& path, std::int64_t offset,
                                 std::int64_t size) const;

  // Whether the store keeps checksums of the file's bytes; holds the chunks that the `size` bytes
  // from `offset` on are in to them, both not negative. False for a file that is gone. `read` does
  // so by itself. Throws DELTA_STORE_CHECKSUM_MISMATCH.
  virtual bool check_range(const std::string& path, std::int64_t offset, std::int64_t size) const;

  // The files directly in `directory` whose names are >= `first_name`, by name. Empty when the
  // folder does not exist; DELTA_STORE_NOT_A_DIRECTORY when a file is in its place (where the store
  // has folders).
  virtual std::vector<FileStatus> list(const std::string& directory,
                                       std::string_view first_name) const = 0;

  // Creates the file with these bytes, whole or not at all, creating its folders.
  // False when a file of that name is there already; it is then left as it is.
  virtual bool put_if_absent(const std::string& path, std::string_view bytes) = 0;

  // Creates or replaces the file, whole or not at all.
  virtual void put(const std::string& path, std::string_view bytes) = 0;

  // Removes the file; nothing happens when there is none.
  virtual void remove(const std::string& path) = 0;

  // The files below `directory`, at any depth, in no particular order. Symbolic links are neither
  // listed nor followed. Empty when the folder does not exist.
  virtual std::vector<FileStatus> list_tree(const std::string& directory,
                                            const FolderFilter& enters) const = 0;

  // Removes the files, passing over those that are not there. Some may be gone when it throws.
  virtual void remove_all(std::span<const std::string> paths);

  // Removes the folders below `directory` that hold nothing and have not changed since
  // `unchanged_since` (ms since the epoch); says how many. Nothing to do for a store without
  // folders.
  virtual std::int64_t remove_empty_folders(const std::string& directory,
                                            const FolderFilter& enters,
                                            std::int64_t unchanged_since);
};

// The local file system: put_if_absent links a finished temporary file into place and syncs file
// and folder. Checksums are those that Hadoop keeps beside the files that it writes.
std::shared_ptr<Store> local_store();

// A store in memory, for tests and for programs that embed the library. Files are as old as
// `clock` said when they were put; without it, the system's does.
std::shared_ptr<Store> memory_store(Clock clock = {});

// A plain path or file:// URI without its scheme, percent-decoded and absolute; or a place in a
// bucket as s3://<bucket>/<prefix> (also for s3a and s3n), as it is. Both without a trailing '/'.
// DELTA_STORE_UNSUPPORTED for a scheme that no store serves.
std::string normalize_location(std::string_view location);

// The store that serves a location: the local file system, or S3 with the options that the
// environment gives (s3_store.h). Errors: see s3_store.
std::shared_ptr<Store> store_for(std::string_view location);

// Whether a location is in the local file system.
bool is_local(std::string_view location);

// The file that a path in the log names: percent-decoded, and without "file:" before an absolute
// path.
std::string canonical_path(std::string_view path_in_log);

}  // namespace delta
