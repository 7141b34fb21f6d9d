#include "base/shared_data.h"

#include <cstdlib>

namespace base {

std::filesystem::path source_dir() {
  const char* from_environment = std::getenv("CODEANATOMY_SOURCE_DIR");
  return from_environment != nullptr ? from_environment : CODEANATOMY_SOURCE_DIR;
}

std::optional<std::filesystem::path> shared_data_dir() {
  const char* from_environment = std::getenv("CODEANATOMY_SHARED");
  const std::filesystem::path folder =
      from_environment != nullptr ? from_environment : source_dir() / ".." / "shared";
  if (!std::filesystem::is_directory(folder)) return std::nullopt;
  return std::filesystem::canonical(folder);
}

}  // namespace base
