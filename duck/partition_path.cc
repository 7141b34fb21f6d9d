#include "base/hash.h"
#include "duck/partition_path_internal.h"

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

std::string shortened(const std::string& folder) {
  std::uint8_t digest[kHashBytes];
  base::blake2b(folder, digest);
  std::string head = folder.substr(0, kLongestFolder - 2 * kHashBytes - 1);
  // An escape is whole or not there.
  const std::size_t escape = head.rfind('%');
  if (escape != std::string::npos && escape + 3 > head.size()) head.resize(escape);
  return head + '~' + base::to_hex(digest);
}

}  // namespace

std::string partition_folder(std::string_view name, const std::optional<std::string>& value) {
  const std::string folder =
      percent_encoded(name, kSafeInFolder) + '=' +
      (value ? percent_encoded(*value, kSafeInFolder) : std::string(kNullFolder));
  return folder.size() <= kLongestFolder ? folder : shortened(folder);
}

std::string log_path(std::string_view relative_path) {
  return percent_encoded(relative_path, kSafeInLog);
}

}  // namespace duck
