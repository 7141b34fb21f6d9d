#include "delta/table_place.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>

#include "base/error.h"
#include "delta/snapshot.h"
#include "delta/store.h"

namespace delta {
namespace {

namespace fs = std::filesystem;

constexpr const char* kLogFolder = "_delta_log";

[[noreturn]] void unfit(const fs::path& path, const std::string& why) {
  throw base::Error(base::Stage::kValidation, "OUTPUT_LOCATION_INVALID", path.string() + " " + why,
                    {{"path", path.string()}});
}

// The place may do, once the machine is in another state.
[[noreturn]] void closed(const fs::path& path, const std::string& why) {
  throw base::Error(base::Stage::kMaterialization, "OUTPUT_LOCATION_NOT_WRITABLE",
                    path.string() + " " + why, {{"path", path.string()}});
}

bool is_absent(const std::error_code& error) {
  return error == std::errc::no_such_file_or_directory || error == std::errc::not_a_directory;
}

bool is_of_the_name(const std::error_code& error) {
  return error == std::errc::too_many_symbolic_link_levels || error == std::errc::filename_too_long;
}

// Whether something is at `path`.
bool is_there(const fs::path& path) {
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  if (fs::exists(status)) return true;
  if (error && is_of_the_name(error)) unfit(path, "cannot be used: " + error.message());
  if (error && !is_absent(error)) closed(path, "cannot be used: " + error.message());
  if (fs::is_symlink(fs::symlink_status(path, error))) unfit(path, "is a link that leads nowhere");
  return false;
}

void check_names(const fs::path& names, const fs::path& folder) {
  const long most = ::pathconf(folder.c_str(), _PC_NAME_MAX);
  for (const fs::path& name : names) {
    if (most > 0 && std::cmp_greater(name.native().size(), most)) {
      unfit(folder / names, "cannot be made: " + std::string(std::strerror(ENAMETOOLONG)));
    }
  }
}

// A folder that files can be made in, now or once it is made itself.
void check_folder(const fs::path& folder) {
  fs::path nearest = folder;
  while (nearest.has_relative_path() && !is_there(nearest)) nearest = nearest.parent_path();
  std::error_code error;
  if (!fs::is_directory(nearest, error)) unfit(nearest, "is a file, not a folder");
  if (::eaccess(nearest.c_str(), W_OK | X_OK) != 0) {
    closed(nearest, "is a folder that cannot be written: " + std::string(std::strerror(errno)));
  }
  check_names(folder.lexically_relative(nearest), nearest);
}

void check_outside_of_logs(const fs::path& location) {
  if (std::ranges::find(location, fs::path(kLogFolder)) == location.end()) return;
  unfit(location, "is inside a _delta_log, where no table can be");
}

void check_outside_of_tables(const fs::path& location) {
  const std::shared_ptr<Store> store = local_store();
  fs::path at = location;
  while (at.has_relative_path()) {
    at = at.parent_path();
    std::error_code ignored;
    if (!fs::is_directory(at / kLogFolder, ignored) || !Snapshot::exists(*store, at.string())) {
      continue;
    }
    unfit(location,
          "is inside the table at " + at.string() + ", whose vacuum would take its files");
  }
}

}  // namespace

std::string resolved_location(const std::string& location) {
  if (!is_local(location)) return location;
  std::error_code error;
  const fs::path resolved = fs::weakly_canonical(location, error);
  return error ? location : resolved.string();
}

bool is_inside(const std::string& inner, const std::string& outer) {
  if (outer == "/") return inner != outer && inner.starts_with('/');
  return inner.size() > outer.size() && inner.starts_with(outer) && inner[outer.size()] == '/';
}

void check_place(const std::string& location) {
  if (!is_local(location)) return check_outside_of_logs(location);
  check_folder(location);
  check_folder(location + '/' + kLogFolder);
  const std::string resolved = resolved_location(location);
  check_outside_of_logs(resolved);
  if (!Snapshot::exists(*local_store(), location)) check_outside_of_tables(resolved);
}

}  // namespace delta
