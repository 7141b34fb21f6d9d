// BLAKE2b of four short messages at once, one in each 64-bit lane of a vector register.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace base {

inline constexpr std::size_t kBlake2bLanes = 4;
// One block: longer messages take the usual way.
inline constexpr std::size_t kBlake2bLaneMaxBytes = 128;

// Whether this processor has the instructions.
bool blake2b_lanes_available();

// Writes digest_bytes (1 to 64) to each output. Messages have at most kBlake2bLaneMaxBytes bytes;
// several outputs may be the same place when their messages are equal.
void blake2b_lanes(const std::array<std::string_view, kBlake2bLanes>& messages,
                   std::size_t digest_bytes,
                   const std::array<std::uint8_t*, kBlake2bLanes>& outputs);

}  // namespace base
