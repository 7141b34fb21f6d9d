// Random identifiers for files, tables and runs.
#pragma once

#include <string>

namespace base {

// A random (version 4) UUID in its 36-character lower-case form. Thread-safe.
std::string random_uuid();

}  // namespace base
