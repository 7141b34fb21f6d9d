// The version of this library.
#pragma once

#include <string_view>

namespace delta {

inline constexpr std::string_view kLibraryVersion = "0.1.0";
// Stands in the commitInfo of every commit.
inline constexpr std::string_view kEngineInfo = "CodeAnatomy-Delta/0.1.0";

}  // namespace delta
