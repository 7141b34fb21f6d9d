#include "base/time.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>

namespace base {
namespace {

constexpr std::int64_t kMicrosPerSecond = 1'000'000;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

std::int64_t now_us() {
  return std::chrono::duration_cast<std::chrono::microseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

std::int64_t now_ms() { return now_us() / 1000; }

std::string to_rfc3339(std::int64_t micros) {
  using std::chrono::days;
  using std::chrono::microseconds;
  const std::chrono::sys_time<microseconds> time{microseconds{micros}};
  const auto midnight = std::chrono::floor<days>(time);
  const std::chrono::year_month_day date{midnight};
  const std::int64_t of_day = (time - midnight).count();
  const auto seconds = static_cast<int>(of_day / kMicrosPerSecond);
  const auto fraction = static_cast<int>(of_day % kMicrosPerSecond);

  std::array<char, 64> text;
  int length = std::snprintf(text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02d",
                             static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                             static_cast<unsigned>(date.day()), seconds / 3600, seconds / 60 % 60,
                             seconds % 60);
  std::string result(text.data(), static_cast<std::size_t>(length));
  if (fraction != 0) {
    length = fraction % 1000 == 0
                 ? std::snprintf(text.data(), text.size(), ".%03d", fraction / 1000)
                 : std::snprintf(text.data(), text.size(), ".%06d", fraction);
    result.append(text.data(), static_cast<std::size_t>(length));
  }
  return result + 'Z';
}

std::optional<std::int64_t> parse_rfc3339(std::string_view text) {
  constexpr std::string_view kForm = "0000-00-00T00:00:00";
  if (text.size() <= kForm.size() || text.back() != 'Z') return std::nullopt;
  for (std::size_t i = 0; i < kForm.size(); ++i) {
    if (kForm[i] == '0' ? !is_digit(text[i]) : text[i] != kForm[i]) return std::nullopt;
  }
  const auto number = [&](std::size_t at, std::size_t digits) {
    int value = 0;
    for (const char c : text.substr(at, digits)) value = value * 10 + (c - '0');
    return value;
  };
  const std::chrono::year_month_day date{std::chrono::year(number(0, 4)),
                                         std::chrono::month(static_cast<unsigned>(number(5, 2))),
                                         std::chrono::day(static_cast<unsigned>(number(8, 2)))};
  if (!date.ok() || number(11, 2) > 23 || number(14, 2) > 59 || number(17, 2) > 59) {
    return std::nullopt;
  }
  std::int64_t fraction = 0;
  const std::string_view digits = text.substr(kForm.size(), text.size() - kForm.size() - 1);
  if (!digits.empty()) {
    if (digits.size() < 2 || digits[0] != '.' || !std::ranges::all_of(digits.substr(1), is_digit)) {
      return std::nullopt;
    }
    std::int64_t unit = kMicrosPerSecond / 10;
    for (const char c : digits.substr(1)) {
      fraction += unit * (c - '0');
      unit /= 10;
    }
  }
  const std::int64_t seconds = number(11, 2) * 3600 + number(14, 2) * 60 + number(17, 2);
  const auto midnight = std::chrono::sys_days(date).time_since_epoch();
  return std::chrono::microseconds(midnight).count() + seconds * kMicrosPerSecond + fraction;
}

}  // namespace base
