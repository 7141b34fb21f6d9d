// A spec that is JSON of the right form and makes no sense all the same.
#pragma once

#include <string>

#include "base/error.h"

namespace engine {

// Throws INVALID_SPEC at Stage::kValidation: "<path>: <message>". `path` is the place in the spec,
// "$.view_definitions[2].name"; it becomes details["path"].
[[noreturn]] void throw_invalid_spec(const std::string& path, const std::string& message,
                                     base::Error::Details details = {});

}  // namespace engine
