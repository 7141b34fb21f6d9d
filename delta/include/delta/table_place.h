// Whether a table can lie at a place, found out before anything is computed for it.
#pragma once

#include <string>

namespace delta {

// The place as symbolic links and ".." lead to it, so that two spellings of one place are equal;
// that of a bucket as it is. `location` is normalized (store.h).
std::string resolved_location(const std::string& location);

// Whether `inner` is below `outer`, both resolved.
bool is_inside(const std::string& inner, const std::string& outer);

// Returns when files can be made at `location` and in its _delta_log, as far as that can be told
// without making any: each is a folder that may be written, or can become one. Throws base::Error
// (details path):
// OUTPUT_LOCATION_INVALID at Stage::kValidation when a file or a link to nothing is in the way,
// when a name is longer than the file system takes, and when a new table would lie inside another
// one, whose vacuum would take its files, or inside a _delta_log. Of a place in a bucket only the
// last is checked. OUTPUT_LOCATION_NOT_WRITABLE at Stage::kMaterialization when the nearest folder
// that is there cannot be written or looked at: the machine's state, not the place, is at fault.
void check_place(const std::string& location);

}  // namespace delta
