#include "delta/src/table_property.h"

#include <algorithm>
#include <charconv>
#include <limits>
#include <vector>

#include "base/ascii.h"
#include "base/error.h"

namespace delta {
namespace {

struct Unit {
  std::string_view name;
  std::int64_t micros;
};

constexpr std::int64_t kMicrosPerMs = 1000;
constexpr Unit kUnits[] = {
    {"week", 7 * kMsPerDay* kMicrosPerMs},
    {"day", kMsPerDay* kMicrosPerMs},
    {"hour", kMsPerHour* kMicrosPerMs},
    {"minute", std::int64_t{60} * 1000 * kMicrosPerMs},
    {"second", 1000 * kMicrosPerMs},
    {"millisecond", kMicrosPerMs},
    {"microsecond", 1},
};

std::vector<std::string_view> words_of(std::string_view text) {
  constexpr std::string_view kSpaces = " \t\r\n";
  std::vector<std::string_view> words;
  while (true) {
    const std::size_t begin = text.find_first_not_of(kSpaces);
    if (begin == std::string_view::npos) return words;
    text.remove_prefix(begin);
    const std::size_t end = std::min(text.find_first_of(kSpaces), text.size());
    words.push_back(text.substr(0, end));
    text.remove_prefix(end);
  }
}

std::optional<std::int64_t> parse_number(std::string_view text) {
  std::int64_t number = 0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || stop != text.data() + text.size()) return std::nullopt;
  return number;
}

std::optional<std::int64_t> micros_of_unit(std::string_view name) {
  if (name.ends_with('s')) name.remove_suffix(1);
  for (const Unit& unit : kUnits) {
    if (unit.name == name) return unit.micros;
  }
  return std::nullopt;
}

const std::string* find_property(const Metadata& metadata, const std::string& key) {
  const auto entry = metadata.configuration.find(key);
  return entry == metadata.configuration.end() ? nullptr : &entry->second;
}

[[noreturn]] void invalid(const std::string& key, const std::string& value, const char* wanted) {
  throw base::Error(base::Stage::kRuntime, "DELTA_PROPERTY_INVALID",
                    "table property " + key + " is '" + value + "', which is not " + wanted,
                    {{"property", key}, {"value", value}});
}

}  // namespace

std::optional<std::int64_t> parse_interval_ms(std::string_view text) {
  const std::string lower = base::lower_case(std::string(text));
  std::vector<std::string_view> words = words_of(lower);
  if (!words.empty() && words.front() == "interval") words.erase(words.begin());
  if (words.empty() || words.size() % 2 != 0) return std::nullopt;
  std::int64_t micros = 0;
  for (std::size_t i = 0; i < words.size(); i += 2) {
    const auto number = parse_number(words[i]);
    const auto unit = micros_of_unit(words[i + 1]);
    if (!number || !unit || *number < 0) return std::nullopt;
    if (*number > (std::numeric_limits<std::int64_t>::max() - micros) / *unit) return std::nullopt;
    micros += *number * *unit;
  }
  return micros / kMicrosPerMs;
}

std::int64_t interval_property(const Metadata& metadata, const std::string& key,
                               std::int64_t default_ms) {
  const std::string* const value = find_property(metadata, key);
  if (!value) return default_ms;
  const auto ms = parse_interval_ms(*value);
  if (!ms) invalid(key, *value, "an interval");
  return *ms;
}

std::int64_t count_property(const Metadata& metadata, const std::string& key,
                            std::int64_t default_count) {
  const std::string* const value = find_property(metadata, key);
  if (!value) return default_count;
  const auto count = parse_number(*value);
  if (!count || *count < 1) invalid(key, *value, "a whole number above 0");
  return *count;
}

bool flag_property(const Metadata& metadata, const std::string& key, bool default_flag) {
  const std::string* const value = find_property(metadata, key);
  if (!value) return default_flag;
  const std::string lower = base::lower_case(*value);
  if (lower != "true" && lower != "false") invalid(key, *value, "true or false");
  return lower == "true";
}

std::int64_t deleted_file_retention_ms(const Metadata& metadata) {
  return interval_property(metadata, "delta.deletedFileRetentionDuration", 7 * kMsPerDay);
}

}  // namespace delta
