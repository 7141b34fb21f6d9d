#include "delta/src/doubled_data_file.h"

#include "delta/src/file_key_set.h"

namespace delta {

std::optional<std::string> doubled_data_file(std::span<const AddFile> files) {
  FileKeySet with_vector;
  for (const AddFile& file : files) {
    if (file.deletion_vector && !with_vector.insert(file.path, std::nullopt)) return file.path;
  }
  if (with_vector.empty()) return std::nullopt;
  for (const AddFile& file : files) {
    if (!file.deletion_vector && with_vector.contains(file.path, std::nullopt)) return file.path;
  }
  return std::nullopt;
}

}  // namespace delta
