// Where tests find data: the repository itself and the folder `shared` that may lie beside it.
#pragma once

#include <filesystem>
#include <optional>

namespace base {

// The root of the source tree: the environment variable CODEANATOMY_SOURCE_DIR, else the folder
// this library was built from.
std::filesystem::path source_dir();

// The folder with conformance tables and oracles: the environment variable CODEANATOMY_SHARED,
// else `shared` beside the source tree. Nothing when it is absent: such a test is skipped.
std::optional<std::filesystem::path> shared_data_dir();

}  // namespace base
