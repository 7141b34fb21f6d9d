#include "delta/src/path_encoding.h"

#include "base/ascii.h"
#include "delta/store.h"  // canonical_path

namespace delta {
namespace {

std::string_view without_file_scheme(std::string_view path) {
  for (const std::string_view authority : {"file://localhost", "file://"}) {
    if (path.starts_with(authority) && path.substr(authority.size()).starts_with('/')) {
      return path.substr(authority.size());
    }
  }
  const bool has_authority = path.starts_with("file://");
  return path.starts_with("file:/") && !has_authority ? path.substr(5) : path;
}

}  // namespace

std::string percent_decode(std::string_view text) {
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size()) {
      const int high = base::hex_value(text[i + 1]);
      const int low = base::hex_value(text[i + 2]);
      if (high >= 0 && low >= 0) {
        decoded += static_cast<char>(high * 16 + low);
        i += 2;
        continue;
      }
    }
    decoded += text[i];
  }
  return decoded;
}

bool is_absolute(std::string_view path) {
  if (path.starts_with('/')) return true;
  const std::size_t scheme = path.find("://");
  return scheme != std::string_view::npos && path.find('/') == scheme + 1;
}

std::string canonical_path(std::string_view path_in_log) {
  return percent_decode(without_file_scheme(path_in_log));
}

}  // namespace delta
