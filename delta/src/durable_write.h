// Writing files of the local file system. A file comes to be under its name only when its bytes are
// on the disk: they go to a temporary file in the same folder, which is synced and then linked or
// renamed into place; then the folder is synced. Errors are those of Store, at any step.
#pragma once

#include <string>
#include <string_view>

namespace delta {

// "/a" for "/a/b", "." for "b".
std::string folder_of(const std::string& path);

// What was made or removed in the folder is on the disk from then on.
void sync_folder(const std::string& folder);

// Creates the file, and its folders. False when a file of that name is there; it is left as it is.
bool write_if_absent(const std::string& path, std::string_view bytes);

// Creates or replaces the file, and creates its folders.
void write_or_replace(const std::string& path, std::string_view bytes);

}  // namespace delta
