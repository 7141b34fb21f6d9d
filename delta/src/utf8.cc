#include "delta/src/utf8.h"

#include <cstdint>

namespace delta {
namespace {

bool is_continuation(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

// The length of the code point that starts `text`; 0 when it is malformed.
std::size_t code_point_length(std::string_view text) {
  const auto at = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = at(0);
  if (lead < 0x80) return 1;
  if (lead < 0xC2 || lead > 0xF4) return 0;
  const std::size_t length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  if (text.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if (!is_continuation(text[i])) return 0;
  }
  if (lead == 0xE0 && at(1) < 0xA0) return 0;  // overlong
  if (lead == 0xED && at(1) > 0x9F) return 0;  // surrogates
  if (lead == 0xF0 && at(1) < 0x90) return 0;  // overlong
  if (lead == 0xF4 && at(1) > 0x8F) return 0;  // above U+10FFFF
  return length;
}

std::uint32_t decode(std::string_view code_point) {
  const auto at = [&](std::size_t i) { return static_cast<unsigned char>(code_point[i]); };
  switch (code_point.size()) {
    case 1:
      return at(0);
    case 2:
      return (at(0) & 0x1Fu) << 6 | (at(1) & 0x3Fu);
    case 3:
      return (at(0) & 0x0Fu) << 12 | (at(1) & 0x3Fu) << 6 | (at(2) & 0x3Fu);
    default:
      return (at(0) & 0x07u) << 18 | (at(1) & 0x3Fu) << 12 | (at(2) & 0x3Fu) << 6 | (at(3) & 0x3Fu);
  }
}

void append_encoded(std::string& out, std::uint32_t code_point) {
  const auto put = [&](std::uint32_t byte) { out += static_cast<char>(byte); };
  if (code_point < 0x80) {
    put(code_point);
  } else if (code_point < 0x800) {
    put(0xC0 | code_point >> 6);
    put(0x80 | (code_point & 0x3F));
  } else if (code_point < 0x10000) {
    put(0xE0 | code_point >> 12);
    put(0x80 | (code_point >> 6 & 0x3F));
    put(0x80 | (code_point & 0x3F));
  } else {
    put(0xF0 | code_point >> 18);
    put(0x80 | (code_point >> 12 & 0x3F));
    put(0x80 | (code_point >> 6 & 0x3F));
    put(0x80 | (code_point & 0x3F));
  }
}

}  // namespace

std::size_t valid_utf8_prefix(std::string_view text) {
  std::size_t position = 0;
  while (position < text.size()) {
    const std::size_t length = code_point_length(text.substr(position));
    if (length == 0) break;
    position += length;
  }
  return position;
}

std::string_view first_code_points(std::string_view text, std::size_t count) {
  std::size_t position = 0;
  while (position < text.size() && count-- > 0) {
    ++position;
    while (position < text.size() && is_continuation(text[position])) ++position;
  }
  return text.substr(0, position);
}

std::optional<std::string> after_all_with_prefix(std::string_view prefix) {
  constexpr std::uint32_t kLastCodePoint = 0x10FFFF;
  while (!prefix.empty()) {
    std::size_t last = prefix.size() - 1;
    while (last > 0 && is_continuation(prefix[last])) --last;
    std::uint32_t code_point = decode(prefix.substr(last));
    prefix = prefix.substr(0, last);
    if (code_point == kLastCodePoint) continue;
    ++code_point;
    if (code_point == 0xD800) code_point = 0xE000;  // surrogates are not characters
    std::string bound(prefix);
    append_encoded(bound, code_point);
    return bound;
  }
  return std::nullopt;
}

}  // namespace delta
