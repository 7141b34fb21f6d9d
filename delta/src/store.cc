// What a store does when it knows no better way.
#include "delta/store.h"

namespace delta {

std::string Store::read_range(const std::string& path, std::int64_t offset,
                              std::int64_t size) const {
  const std::string bytes = read(path);
  if (static_cast<std::size_t>(offset) >= bytes.size()) return "";
  return bytes.substr(static_cast<std::size_t>(offset), static_cast<std::size_t>(size));
}

bool Store::check_range(const std::string&, std::int64_t, std::int64_t) const { return false; }

void Store::remove_all(std::span<const std::string> paths) {
  for (const std::string& path : paths) remove(path);
}

std::int64_t Store::remove_empty_folders(const std::string&, const FolderFilter&, std::int64_t) {
  return 0;
}

}  // namespace delta
