// The environment classes: contract/spec-v4.md, "Environment profiles".
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace engine {

struct EnvironmentProfile {
  std::string name;
  std::int64_t target_partitions = 0;
  std::int64_t batch_size = 0;  // rows
  std::int64_t memory_limit_bytes = 0;
};

// small, medium or large; any other name is base::Error INVALID_ENVIRONMENT_CLASS at
// Stage::kValidation.
EnvironmentProfile environment_profile(std::string_view name);

}  // namespace engine
