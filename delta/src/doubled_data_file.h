// A data file is in a table once, with one deletion vector or none: PROTOCOL.md, "Add File and
// Remove File". Where an action that took its other form away is damaged, its rows would be there
// twice.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "delta/actions.h"

namespace delta {

// The path of one that is among the files, no two of which have the same path and vector, more than
// once.
std::optional<std::string> doubled_data_file(std::span<const AddFile> files);

}  // namespace delta
