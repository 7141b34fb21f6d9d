#include "engine/spec/invalid_spec.h"

#include <utility>

namespace engine {

void throw_invalid_spec(const std::string& path, const std::string& message,
                        base::Error::Details details) {
  details["path"] = path;
  throw base::Error(base::Stage::kValidation, "INVALID_SPEC", path + ": " + message,
                    std::move(details));
}

}  // namespace engine
