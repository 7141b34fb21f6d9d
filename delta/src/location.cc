#include <cctype>
#include <filesystem>

#include "base/error.h"
#include "delta/s3_store.h"
#include "delta/src/path_encoding.h"
#include "delta/src/utf8.h"
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

bool is_s3(std::string_view scheme) { return scheme == "s3" || scheme == "s3a" || scheme == "s3n"; }

// s3://<bucket>/<prefix>: keys may hold "//" or "..", so that nothing else is made normal.
std::string normalize_s3(std::string_view location) {
  std::string_view rest = location.substr(location.find("://") + 3);
  while (rest.ends_with('/')) rest.remove_suffix(1);
  const std::size_t slash = rest.find('/');
  if (slash == std::string_view::npos || slash == 0) {
    unsupported(location, "it must name a bucket and a prefix: s3://<bucket>/<prefix>");
  }
  return "s3://" + std::string(rest);
}

}  // namespace

std::string normalize_location(std::string_view location) {
  if (location.empty()) unsupported(location, "it is empty");
  if (location.find('\0') != std::string_view::npos) unsupported(location, "it has a NUL byte");
  const std::string_view scheme = scheme_of(location);
  if (is_s3(scheme)) return normalize_s3(location);
  if (!scheme.empty() && scheme != "file") {
    unsupported(location, "no store serves the scheme '" + std::string(scheme) + "'");
  }
  const std::filesystem::path path =
      scheme.empty() ? std::string(location) : file_uri_path(location);
  std::error_code fault;
  const std::filesystem::path absolute = std::filesystem::absolute(path, fault);
  if (fault) unsupported(location, "the working directory: " + fault.message());
  std::string normal = absolute.lexically_normal().string();
  while (normal.size() > 1 && normal.ends_with('/')) normal.pop_back();
  if (!is_valid_utf8(normal)) unsupported(location, "its path is not UTF-8");
  return normal;
}

std::shared_ptr<Store> store_for(std::string_view location) {
  return is_s3(scheme_of(location)) ? s3_store(s3_options_from_environment()) : local_store();
}

bool is_local(std::string_view location) { return !is_s3(scheme_of(location)); }

}  // namespace delta
