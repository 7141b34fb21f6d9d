#include "engine/session/environment_profile.h"

#include "base/error.h"

namespace engine {

EnvironmentProfile environment_profile(std::string_view name) {
  constexpr std::int64_t kMebibyte = 1 << 20;
  if (name == "small") return {"small", 4, 4096, 512 * kMebibyte};
  if (name == "medium") return {"medium", 8, 8192, 2048 * kMebibyte};
  if (name == "large") return {"large", 16, 16384, 8192 * kMebibyte};
  throw base::Error(
      base::Stage::kValidation, "INVALID_ENVIRONMENT_CLASS",
      "environment class '" + std::string(name) + "' is none of small, medium and large",
      {{"environment_class", std::string(name)}});
}

}  // namespace engine
