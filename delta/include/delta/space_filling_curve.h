// An order of points that keeps neighbours together in every dimension.
#pragma once

#include <cstdint>
#include <span>

namespace delta {

// The position of a point on the Hilbert curve through the cube of 2^bits points a side (J.
// Skilling, "Programming the Hilbert curve", 2004): points that follow each other differ by 1 in
// exactly one coordinate. At least one coordinate, bits >= 1, and bits times coordinates at most
// 64; coordinates are below 2^bits.
std::uint64_t hilbert_position(std::span<const std::uint32_t> point, int bits);

}  // namespace delta
