#include "duck/parquet_format_version.h"

#include <string>
#include <string_view>

#include "duck/invalid_property.h"

namespace duck {
namespace {

constexpr const char* kProperty = "delta.parquet.format.version";

bool is_number(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

bool is_format_version(std::string_view text) {
  if (text == "1.0.0") return true;
  if (!text.starts_with("2.")) return false;
  text.remove_prefix(2);
  const auto point = text.find('.');
  return point != std::string_view::npos && is_number(text.substr(0, point)) &&
         is_number(text.substr(point + 1));
}

}  // namespace

void check_parquet_format_version(const delta::Metadata& metadata) {
  const auto property = metadata.configuration.find(kProperty);
  if (property == metadata.configuration.end() || is_format_version(property->second)) return;
  throw_invalid_property(kProperty, property->second, "neither 1.0.0 nor 2.MINOR.PATCH");
}

}  // namespace duck
