// Whole numbers of 32 bits as some file formats spell them: the highest byte first.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace delta {

// Of four bytes.
inline std::uint32_t big_endian_32(std::string_view bytes) {
  std::uint32_t value = 0;
  for (const char c : bytes) value = value << 8 | static_cast<unsigned char>(c);
  return value;
}

inline void append_big_endian_32(std::string& out, std::uint32_t value) {
  for (int shift = 24; shift >= 0; shift -= 8) out += static_cast<char>(value >> shift & 0xFF);
}

}  // namespace delta
