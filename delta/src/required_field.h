// Fields that an action must have.
#pragma once

#include <stdexcept>
#include <string>

namespace delta {

// Throws std::invalid_argument when the field is not there: the caller knows the file.
inline void require_field(bool present, const char* action, const char* field) {
  if (!present) throw std::invalid_argument(std::string(action) + " has no '" + field + "'");
}

}  // namespace delta
