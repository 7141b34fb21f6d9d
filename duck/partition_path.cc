#include "duck/partition_path_internal.h"

#include "base/hash.h"

namespace duck {
namespace {

constexpr std::string_view kNullFolder = "__HIVE_DEFAULT_PARTITION__";
constexpr std::string_view kSafeInFolder = "-_.~ +@,";
constexpr std::string_view kSafeInLog = "-_.~/=";
// File systems allow 255 bytes.
constexpr std::size_t kLongestFolder = 200;
constexpr std::size_t kHashBytes = 16;

bool is_alphanumeric(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

std::string percent_encoded(std::string_view text, std::string_view safe) {
  constexpr char kHex[] = "0123456789ABCDEF";
  std::string result;
  for (const char c : text) {
    if (is_alphanumeric(c) || safe.find(c) != std::string_view::npos) {
      result += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    result += '%';
    result += kHex[byte >> 4];
    result += kHex[byte & 15];
  }
  return result;
}

// Readers such as Polars look for the column's name in the folder as it is, so only what a path, a
// glob or a URI would take for something else is encoded.
std::string encoded_name(std::string_view name) {
  constexpr std::string_view kUnsafe = "%/=\\:#*?[]{}\x7f";
  std::string result;
  for (const char& c : name) {
    const bool is_control = c >= 0 && c < ' ';
    const bool is_unsafe = is_control || kUnsafe.find(c) != std::string_view::npos;
    result += is_unsafe ? percent_encoded({&c, 1}, "") : std::string(1, c);
  }
  return result;
}

// Without the first bytes of a character whose last ones are cut off.
void drop_cut_character(std::string& text) {
  constexpr unsigned kKindBits = 0xC0;
  constexpr unsigned kContinuation = 0x80;
  std::size_t size = text.size();
  while (size > 0 && (static_cast<unsigned char>(text[size - 1]) & kKindBits) == kContinuation) {
    --size;
  }
  if (size > 0 && static_cast<unsigned char>(text[size - 1]) >= kKindBits) text.resize(size - 1);
}

std::string shortened(const std::string& folder) {
  std::uint8_t digest[kHashBytes];
  base::blake2b(folder, digest);
  std::string head = folder.substr(0, kLongestFolder - 2 * kHashBytes - 1);
  drop_cut_character(head);
  // An escape is whole or not there.
  const std::size_t escape = head.rfind('%');
  if (escape != std::string::npos && escape + 3 > head.size()) head.resize(escape);
  return head + '~' + base::to_hex(digest);
}

}  // namespace

std::string partition_folder(std::string_view name, const std::optional<std::string>& value) {
  const std::string folder =
      encoded_name(name) + '=' +
      (value ? percent_encoded(*value, kSafeInFolder) : std::string(kNullFolder));
  return folder.size() <= kLongestFolder ? folder : shortened(folder);
}

std::string log_path(std::string_view relative_path) {
  return percent_encoded(relative_path, kSafeInLog);
}

}  // namespace duck
