#include "delta/src/z85.h"

#include <array>
#include <cstdint>

namespace delta {
namespace {

constexpr std::string_view kDigits =
    "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#";
constexpr std::int8_t kNoDigit = -1;

constexpr std::array<std::int8_t, 256> kValues = [] {
  std::array<std::int8_t, 256> values{};
  values.fill(kNoDigit);
  for (std::size_t i = 0; i < kDigits.size(); ++i) {
    values[static_cast<unsigned char>(kDigits[i])] = static_cast<std::int8_t>(i);
  }
  return values;
}();

}  // namespace

std::string z85_encode(std::string_view bytes) {
  std::string text;
  text.reserve((bytes.size() + 3) / 4 * 5);
  for (std::size_t i = 0; i < bytes.size(); i += 4) {
    std::uint32_t value = 0;
    for (std::size_t j = i; j < i + 4; ++j) {
      value = value << 8 | (j < bytes.size() ? static_cast<unsigned char>(bytes[j]) : 0U);
    }
    std::array<char, 5> digits{};
    for (auto digit = digits.rbegin(); digit != digits.rend(); ++digit) {
      *digit = kDigits[value % 85];
      value /= 85;
    }
    text.append(digits.data(), digits.size());
  }
  return text;
}

std::optional<std::string> z85_decode(std::string_view text) {
  if (text.size() % 5 != 0) return std::nullopt;
  std::string bytes;
  bytes.reserve(text.size() / 5 * 4);
  for (std::size_t i = 0; i < text.size(); i += 5) {
    std::uint32_t value = 0;
    for (const char c : text.substr(i, 5)) {
      const std::int8_t digit = kValues[static_cast<unsigned char>(c)];
      if (digit == kNoDigit) return std::nullopt;
      value = value * 85 + static_cast<std::uint32_t>(digit);
    }
    for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>(value >> shift & 0xFF);
  }
  return bytes;
}

}  // namespace delta
