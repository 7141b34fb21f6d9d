// Where a table's log and data live.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace delta {

struct FileStatus {
  std::string path;
  std::int64_t size = 0;               // bytes
  std::int64_t modification_time = 0;  // ms since the epoch
};

// A store of files under '/'-separated paths. Implementations are thread-safe; every call is
// durable when it returns. Errors are base::Error with code DELTA_STORE_<what>, the path in
// details["path"], and the system's own words in the message.
class Store {
 public:
  virtual ~Store() = default;

  // The whole file. DELTA_STORE_NOT_FOUND when there is none.
  virtual std::string read(const std::string& path) const = 0;

  // The files directly in `directory` whose names are >= `first_name`, by name. Empty when the
  // folder does not exist; DELTA_STORE_NOT_A_DIRECTORY when a file is in its place.
  virtual std::vector<FileStatus> list(const std::string& directory,
                                       std::string_view first_name) const = 0;

  // Creates the file with these bytes, whole or not at all, creating its folders.
  // False when a file of that name is there already; it is then left as it is.
  virtual bool put_if_absent(const std::string& path, std::string_view bytes) = 0;

  // Creates or replaces the file, whole or not at all.
  virtual void put(const std::string& path, std::string_view bytes) = 0;

  // Removes the file; nothing happens when there is none.
  virtual void remove(const std::string& path) = 0;
};

// The local file system: put_if_absent links a finished temporary file into place and syncs file
// and folder.
std::shared_ptr<Store> local_store();

// A store in memory, for tests and for programs that embed the library.
std::shared_ptr<Store> memory_store();

// A plain path or file:// URI without its scheme, percent-decoded, absolute, and without a
// trailing '/'. DELTA_STORE_UNSUPPORTED for a scheme that no store serves.
std::string normalize_location(std::string_view location);

// The file that a path in the log names: percent-decoded, and without "file:" before an absolute
// path.
std::string canonical_path(std::string_view path_in_log);

}  // namespace delta
