#include <cctype>
#include <filesystem>

#include "base/error.h"
#include "delta/src/path_encoding.h"
#include "delta/store.h"

namespace delta {
namespace {

// The scheme of a URI, or nothing: one letter alone is no scheme, nor is a ':' inside a path.
std::string_view scheme_of(std::string_view location) {
  const std::size_t colon = location.find(':');
  if (colon == std::string_view::npos || colon < 2) return {};
  const std::string_view scheme = location.substr(0, colon);
  for (const char c : scheme) {
    if (!std::isalnum(static_cast<unsigned char>(c)) && c != '+' && c != '-' && c != '.') return {};
  }
  const bool is_file = scheme == "file";
  return is_file || location.substr(colon).starts_with("://") ? scheme : std::string_view{};
}

[[noreturn]] void unsupported(std::string_view location, const std::string& what) {
  throw base::Error(base::Stage::kValidation, "DELTA_STORE_UNSUPPORTED",
                    "location '" + std::string(location) + "': " + what,
                    {{"location", std::string(location)}});
}

// The path of a file: URI.
std::string file_uri_path(std::string_view location) {
  std::string_view rest = location.substr(std::string_view("file:").size());
  if (rest.starts_with("//")) {
    rest.remove_prefix(2);
    if (rest.starts_with("localhost/")) rest.remove_prefix(std::string_view("localhost").size());
    if (!rest.starts_with('/')) unsupported(location, "a file URI may not name a host");
  }
  return percent_decode(rest);
}

}  // namespace

std::string normalize_location(std::string_view location) {
  if (location.empty()) unsupported(location, "it is empty");
  const std::string_view scheme = scheme_of(location);
  if (!scheme.empty() && scheme != "file") {
    unsupported(location, "no store serves the scheme '" + std::string(scheme) + "'");
  }
  const std::filesystem::path path =
      scheme.empty() ? std::string(location) : file_uri_path(location);
  std::string normal = std::filesystem::absolute(path).lexically_normal().string();
  while (normal.size() > 1 && normal.ends_with('/')) normal.pop_back();
  return normal;
}

}  // namespace delta
