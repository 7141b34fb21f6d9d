#include "base/quantity.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cmath>
#include <limits>

#include "base/ascii.h"
#include "base/error.h"

namespace base {
namespace {

// How many bytes a unit stands for; 0 when there is no such unit.
double bytes_in(std::string_view unit) {
  if (unit.empty() || unit == "b") return 1;
  constexpr std::string_view kPrefixes = "kmgt";
  const std::size_t prefix = kPrefixes.find(unit.front());
  if (prefix == std::string_view::npos) return 0;
  const std::string_view rest = unit.substr(1);
  const double power = static_cast<double>(prefix) + 1;
  if (rest.empty() || rest == "ib") return std::pow(1024, power);
  return rest == "b" ? std::pow(1000, power) : 0;
}

}  // namespace

std::string count_text(std::int64_t count) {
  std::string digits = std::to_string(count);
  const std::size_t first = count < 0 ? 1 : 0;
  for (std::size_t at = digits.size(); at > first + 3; at -= 3) digits.insert(at - 3, ",");
  return digits;
}

std::string counted_text(std::int64_t count, std::string_view noun) {
  return fmt::format("{} {}{}", count_text(count), noun, count == 1 ? "" : "s");
}

std::string size_text(std::int64_t bytes) {
  constexpr std::array<std::string_view, 4> kUnits = {"KiB", "MiB", "GiB", "TiB"};
  if (bytes < 1024) return fmt::format("{} B", bytes);
  double size = static_cast<double>(bytes) / 1024;
  std::size_t unit = 0;
  // 1023.95 would be shown as 1024.0.
  while (size >= 1023.95 && unit + 1 < kUnits.size()) {
    size /= 1024;
    ++unit;
  }
  return fmt::format("{:.1f} {}", size, kUnits[unit]);
}

std::string duration_text(std::int64_t micros) {
  const double seconds = static_cast<double>(micros) / 1e6;
  if (seconds < 0.9995) return fmt::format("{:.0f} ms", seconds * 1e3);
  if (seconds < 59.95) return fmt::format("{:.1f} s", seconds);
  const auto whole = static_cast<std::int64_t>(std::llround(seconds));
  return fmt::format("{} min {:02} s", whole / 60, whole % 60);
}

std::string rate_text(std::int64_t count, std::int64_t micros, std::string_view noun) {
  constexpr std::int64_t kShortest = 1000;
  if (micros < kShortest) return "";
  const double rate = static_cast<double>(count) * 1e6 / static_cast<double>(micros);
  return fmt::format("{} {}s/s", count_text(std::llround(rate)), noun);
}

std::int64_t parse_size(std::string_view text) {
  double number = 0;
  const char* end = text.data() + text.size();
  const auto [unit_begin, error] =
      std::from_chars(text.data(), end, number, std::chars_format::fixed);
  std::string unit;
  for (const char* at = unit_begin; at != end; ++at) {
    if (*at != ' ') unit += lower_case(*at);
  }
  const double bytes = number * bytes_in(unit);
  if (error != std::errc() || !(bytes >= 1) ||
      bytes >= static_cast<double>(std::numeric_limits<std::int64_t>::max())) {
    throw Error(Stage::kValidation, "USAGE",
                "'" + std::string(text) + "' is no size; write for example 512MiB or 2GB");
  }
  return static_cast<std::int64_t>(bytes);
}

}  // namespace base
