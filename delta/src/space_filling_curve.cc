#include "delta/space_filling_curve.h"

#include <array>
#include <cstddef>

namespace delta {
namespace {

constexpr std::size_t kMostDimensions = 64;

// Turns the axes of every sub-cube to where the curve enters and leaves it.
void turn_axes(std::span<std::uint32_t> x, int bits) {
  const std::uint32_t top = 1U << (bits - 1);
  for (std::uint32_t bit = top; bit > 1; bit >>= 1) {
    const std::uint32_t below = bit - 1;
    for (std::uint32_t& axis : x) {
      if ((axis & bit) != 0) {
        x[0] ^= below;
        continue;
      }
      const std::uint32_t swapped = (x[0] ^ axis) & below;
      x[0] ^= swapped;
      axis ^= swapped;
    }
  }
}

void gray_encode(std::span<std::uint32_t> x, int bits) {
  for (std::size_t i = 1; i < x.size(); ++i) x[i] ^= x[i - 1];
  std::uint32_t flipped = 0;
  for (std::uint32_t bit = 1U << (bits - 1); bit > 1; bit >>= 1) {
    if ((x.back() & bit) != 0) flipped ^= bit - 1;
  }
  for (std::uint32_t& axis : x) axis ^= flipped;
}

std::uint64_t interleave(std::span<const std::uint32_t> x, int bits) {
  std::uint64_t position = 0;
  for (int bit = bits - 1; bit >= 0; --bit) {
    for (const std::uint32_t axis : x) position = (position << 1) | ((axis >> bit) & 1U);
  }
  return position;
}

}  // namespace

std::uint64_t hilbert_position(std::span<const std::uint32_t> point, int bits) {
  std::array<std::uint32_t, kMostDimensions> coordinates{};
  const std::span<std::uint32_t> x(coordinates.data(), point.size());
  for (std::size_t i = 0; i < point.size(); ++i) x[i] = point[i];
  turn_axes(x, bits);
  gray_encode(x, bits);
  return interleave(x, bits);
}

}  // namespace delta
