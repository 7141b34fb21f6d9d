#include "delta/src/table_property.h"

#include <algorithm>
#include <charconv>
#include <limits>
#include <vector>

#include "base/ascii.h"
#include "delta/invalid_property.h"

namespace delta {
namespace {

constexpr std::int64_t kMicrosPerMs = 1000;
constexpr std::int64_t kMicrosPerSecond = 1000 * kMicrosPerMs;
constexpr std::int64_t kMicrosPerDay = kMsPerDay * kMicrosPerMs;

// Spark keeps days apart from what is less than one, and in 32 bits.
struct Unit {
  std::string_view name;
  std::int64_t days;
  std::int64_t micros;
};

constexpr Unit kUnits[] = {
    {"year", 0, 0},
    {"month", 0, 0},
    {"week", 7, 0},
    {"day", 1, 0},
    {"hour", 0, kMsPerHour* kMicrosPerMs},
    {"minute", 0, 60 * kMicrosPerSecond},
    {"second", 0, kMicrosPerSecond},
    {"millisecond", 0, kMicrosPerMs},
    {"microsecond", 0, 1},
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

std::optional<std::int64_t> parse_digits(std::string_view text) {
  if (text.empty() || text.front() < '0' || text.front() > '9') return std::nullopt;
  std::int64_t number = 0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || stop != text.data() + text.size()) return std::nullopt;
  return number;
}

const Unit* find_unit(std::string_view name) {
  if (name.ends_with('s')) name.remove_suffix(1);
  for (const Unit& unit : kUnits) {
    if (unit.name == name) return &unit;
  }
  return nullptr;
}

// Of "5" or "50" or "500000" behind a point: 500000. Up to nine digits.
std::optional<std::int64_t> micros_of_fraction(std::string_view digits) {
  constexpr std::size_t kMostDigits = 9;
  constexpr std::size_t kMicrosDigits = 6;
  if (digits.size() > kMostDigits || !parse_digits(digits)) return std::nullopt;
  std::string micros(digits.substr(0, kMicrosDigits));
  micros.resize(kMicrosDigits, '0');
  return parse_digits(micros);
}

// A sum of amounts, each of which may be below zero.
class IntervalSum {
 public:
  // False where there is no such amount, or the sum leaves the range.
  bool add(std::string_view amount, std::string_view unit_name, bool negative) {
    const Unit* const unit = find_unit(unit_name);
    if (unit == nullptr) return false;
    const std::size_t point = std::min(amount.find('.'), amount.size());
    const bool has_point = point < amount.size();
    if (has_point && unit->micros != kMicrosPerSecond) return false;
    const auto whole = has_point && point == 0 ? std::optional<std::int64_t>(0)
                                               : parse_digits(amount.substr(0, point));
    const bool has_fraction = has_point && (point == 0 || point + 1 < amount.size());
    const auto fraction = has_fraction ? micros_of_fraction(amount.substr(point + 1))
                                       : std::optional<std::int64_t>(0);
    if (!whole || !fraction) return false;
    // Months and years have no fixed length, but none of them is none.
    if (unit->days == 0 && unit->micros == 0) return *whole == 0;
    std::int64_t micros = 0;
    if (__builtin_mul_overflow(*whole, unit->micros, &micros) ||
        __builtin_add_overflow(micros, *fraction, &micros)) {
      return false;
    }
    std::int64_t days = 0;
    if (__builtin_mul_overflow(*whole, unit->days, &days)) return false;
    const std::int64_t sign = negative ? -1 : 1;
    return !__builtin_add_overflow(micros_, sign * micros, &micros_) &&
           !__builtin_add_overflow(days_, sign * days, &days_) &&
           days_ == static_cast<std::int32_t>(days_);
  }

  std::optional<std::int64_t> ms() const {
    std::int64_t micros = 0;
    if (__builtin_mul_overflow(days_, kMicrosPerDay, &micros) ||
        __builtin_add_overflow(micros, micros_, &micros) || micros < 0) {
      return std::nullopt;
    }
    return micros / kMicrosPerMs;
  }

 private:
  std::int64_t days_ = 0;
  std::int64_t micros_ = 0;
};

const std::string* find_property(const Metadata& metadata, const std::string& key) {
  const auto entry = metadata.configuration.find(key);
  return entry == metadata.configuration.end() ? nullptr : &entry->second;
}

}  // namespace

std::optional<std::int64_t> parse_interval_ms(std::string_view text) {
  const std::string lower = base::lower_case(std::string(text));
  std::vector<std::string_view> words = words_of(lower);
  if (!words.empty() && words.front() == "interval") words.erase(words.begin());
  if (words.empty()) return std::nullopt;
  IntervalSum sum;
  for (std::size_t i = 0; i < words.size(); ++i) {
    std::string_view amount = words[i];
    const bool negative = amount.starts_with('-');
    if (negative || amount.starts_with('+')) {
      amount.remove_prefix(1);
      if (amount.empty() && ++i < words.size()) amount = words[i];
    }
    if (++i >= words.size() || !sum.add(amount, words[i], negative)) return std::nullopt;
  }
  return sum.ms();
}

std::optional<std::int64_t> parse_whole(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  const auto number = parse_digits(text);
  if (!number) return std::nullopt;
  return negative ? -*number : *number;
}

std::int64_t interval_property(const Metadata& metadata, const std::string& key,
                               std::int64_t default_ms) {
  const std::string* const value = find_property(metadata, key);
  if (!value) return default_ms;
  const auto ms = parse_interval_ms(*value);
  if (!ms) throw_invalid_property(key, *value, "no interval");
  return *ms;
}

std::int64_t count_property(const Metadata& metadata, const std::string& key,
                            std::int64_t default_count) {
  const std::string* const value = find_property(metadata, key);
  if (!value) return default_count;
  const auto count = parse_whole(*value);
  if (!count || *count < 1) throw_invalid_property(key, *value, "no whole number above 0");
  return *count;
}

bool flag_property(const Metadata& metadata, const std::string& key, bool default_flag) {
  const std::string* const value = find_property(metadata, key);
  if (!value) return default_flag;
  const std::string lower = base::lower_case(*value);
  if (lower != "true" && lower != "false")
    throw_invalid_property(key, *value, "neither true nor false");
  return lower == "true";
}

std::int64_t deleted_file_retention_ms(const Metadata& metadata) {
  return interval_property(metadata, "delta.deletedFileRetentionDuration", 7 * kMsPerDay);
}

std::int64_t log_retention_ms(const Metadata& metadata) {
  return interval_property(metadata, "delta.logRetentionDuration", 30 * kMsPerDay);
}

}  // namespace delta
