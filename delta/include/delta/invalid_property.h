// The error about a table property whose value cannot be understood.
#pragma once

#include <string>

namespace delta {

// Throws base::Error DELTA_PROPERTY_INVALID (details["property"], details["value"]): `property` has
// `value`, "which is `wrong`".
[[noreturn]] void throw_invalid_property(const std::string& property, const std::string& value,
                                         const std::string& wrong);

}  // namespace delta
