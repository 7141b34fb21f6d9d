// Texts that damage to one byte turns into each other.
#pragma once

#include <cstddef>
#include <string_view>

namespace base {

constexpr bool differ_in_one_byte(std::string_view left, std::string_view right) {
  if (left.size() != right.size()) return false;
  std::size_t differences = 0;
  for (std::size_t i = 0; i < left.size(); ++i) differences += left[i] != right[i];
  return differences == 1;
}

}  // namespace base
