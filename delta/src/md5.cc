#include "delta/src/md5.h"

#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstring>

namespace delta {
namespace {

constexpr std::size_t kBlockBytes = 64;
constexpr std::array<std::array<int, 4>, 4> kRotations = {
    {{7, 12, 17, 22}, {5, 9, 14, 20}, {4, 11, 16, 23}, {6, 10, 15, 21}}};

using State = std::array<std::uint32_t, 4>;

// RFC 1321, 3.4: the whole part of 2^32 times |sin(i + 1)|.
std::uint32_t sine_constant(unsigned step) {
  return static_cast<std::uint32_t>(std::floor(std::fabs(std::sin(step + 1.0)) * 4294967296.0));
}

void take_block(State& state, const char* bytes) {
  std::array<std::uint32_t, 16> words{};
  std::memcpy(words.data(), bytes, kBlockBytes);
  auto [a, b, c, d] = state;
  for (unsigned step = 0; step < kBlockBytes; ++step) {
    const unsigned round = step / 16;
    std::uint32_t mixed = 0;
    unsigned word = 0;
    switch (round) {
      case 0:
        mixed = (b & c) | (~b & d);
        word = step;
        break;
      case 1:
        mixed = (d & b) | (~d & c);
        word = 5 * step + 1;
        break;
      case 2:
        mixed = b ^ c ^ d;
        word = 3 * step + 5;
        break;
      default:
        mixed = c ^ (b | ~d);
        word = 7 * step;
        break;
    }
    const std::uint32_t sum = a + mixed + sine_constant(step) + words[word % 16];
    a = d;
    d = c;
    c = b;
    b += std::rotl(sum, kRotations[round][step % 4]);
  }
  state = {state[0] + a, state[1] + b, state[2] + c, state[3] + d};
}

}  // namespace

std::string md5_hex(std::string_view bytes) {
  const std::uint64_t bits = std::uint64_t{bytes.size()} * 8;
  std::string padded(bytes);
  padded += '\x80';
  while (padded.size() % kBlockBytes != kBlockBytes - sizeof bits) padded += '\0';
  padded.append(reinterpret_cast<const char*>(&bits), sizeof bits);
  State state = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476};
  for (std::size_t i = 0; i < padded.size(); i += kBlockBytes) take_block(state, &padded[i]);
  constexpr char kDigits[] = "0123456789abcdef";
  std::string hex;
  for (const std::uint32_t word : state) {
    for (int shift = 0; shift < 32; shift += 8) {
      const std::uint32_t byte = (word >> shift) & 0xFFU;
      hex += kDigits[byte >> 4U];
      hex += kDigits[byte & 0xFU];
    }
  }
  return hex;
}

}  // namespace delta
