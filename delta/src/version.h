#pragma once

#include <string_view>

namespace delta {

// Stands in the commitInfo of every commit.
inline constexpr std::string_view kEngineInfo = "CodeAnatomy-Delta/0.1.0";

}  // namespace delta
