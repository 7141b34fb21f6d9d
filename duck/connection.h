// The DuckDB library that everything above duck/ runs on.
#pragma once

#include <string>

namespace duck {

// The version of the DuckDB library that is linked, such as "v1.5.5".
std::string library_version();

}  // namespace duck
