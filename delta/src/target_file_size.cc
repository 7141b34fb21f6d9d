#include "delta/target_file_size.h"

#include <charconv>
#include <map>
#include <utility>

#include "base/ascii.h"
#include "delta/invalid_property.h"

namespace delta {

std::optional<std::int64_t> parse_file_size(std::string text) {
  text = base::lower_case(std::move(text));
  std::int64_t size = 0;
  const char* const end = text.data() + text.size();
  const auto [rest, fault] = std::from_chars(text.data(), end, size);
  if (fault != std::errc() || size <= 0) return std::nullopt;
  const std::map<std::string, int> shifts = {{"", 0},   {"b", 0},   {"k", 10}, {"kb", 10},
                                             {"m", 20}, {"mb", 20}, {"g", 30}, {"gb", 30}};
  const auto shift = shifts.find(std::string(rest, end));
  if (shift == shifts.end() || size > (std::int64_t{1} << 32)) return std::nullopt;
  return size << shift->second;
}

std::optional<std::int64_t> target_file_size(const Metadata& metadata) {
  constexpr const char* kTargetSize = "delta.targetFileSize";
  const auto property = metadata.configuration.find(kTargetSize);
  if (property == metadata.configuration.end()) return std::nullopt;
  if (const auto size = parse_file_size(property->second)) return size;
  throw_invalid_property(kTargetSize, property->second, "no size");
}

}  // namespace delta
