// What the translation of Spark's expressions says no with.
#pragma once

#include <string>

#include "base/error.h"

namespace duck::spark {

// Throws base::Error DELTA_UNSUPPORTED_EXPRESSION; translate() adds the expression and its place.
[[noreturn]] inline void unsupported(const std::string& reason) {
  throw base::Error(base::Stage::kMaterialization, "DELTA_UNSUPPORTED_EXPRESSION", reason);
}

}  // namespace duck::spark
