// The version of the engine, as hashed into a run's envelope.
#pragma once

#include <string_view>

namespace engine {

inline constexpr std::string_view kEngineVersion = "0.1.0";

}  // namespace engine
