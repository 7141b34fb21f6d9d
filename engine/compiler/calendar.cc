#include "engine/compiler/calendar.h"

#include <algorithm>
#include <chrono>

namespace engine {
namespace {

// Reads from the front of a text; after a fault, everything fails.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : rest_(text) {}

  // A number of exactly `digits` digits.
  std::int64_t number(std::size_t digits) {
    std::int64_t value = 0;
    if (rest_.size() < digits) return fail();
    for (const char c : rest_.substr(0, digits)) {
      if (c < '0' || c > '9') return fail();
      value = value * 10 + (c - '0');
    }
    rest_.remove_prefix(digits);
    return value;
  }

  bool skip(char c) {
    if (!rest_.starts_with(c)) return false;
    rest_.remove_prefix(1);
    return true;
  }

  void expect(char c) {
    if (!skip(c)) fail();
  }

  std::size_t digits_ahead() const {
    const auto is_no_digit = [](char c) { return c < '0' || c > '9'; };
    return static_cast<std::size_t>(std::ranges::find_if(rest_, is_no_digit) - rest_.begin());
  }

  std::int64_t fail() {
    ok_ = false;
    return 0;
  }

  bool ok() const { return ok_; }
  bool at_end() const { return rest_.empty(); }

 private:
  std::string_view rest_;
  bool ok_ = true;
};

std::optional<delta::Date> scan_date(Scanner& scanner) {
  const auto year = scanner.number(4);
  scanner.expect('-');
  const auto month = scanner.number(2);
  scanner.expect('-');
  const auto day = scanner.number(2);
  const std::chrono::year_month_day date(std::chrono::year(static_cast<int>(year)),
                                         std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day)));
  if (!scanner.ok() || year == 0 || !date.ok()) return std::nullopt;
  return delta::Date{
      static_cast<std::int32_t>(std::chrono::sys_days(date).time_since_epoch().count())};
}

// The microseconds of a fraction of a second.
std::int64_t scan_fraction(Scanner& scanner) {
  constexpr std::size_t kMostDigits = 9;
  const auto digits = scanner.digits_ahead();
  if (digits == 0 || digits > kMostDigits) return scanner.fail();
  auto nanos = scanner.number(digits);
  for (auto i = digits; i < kMostDigits; ++i) nanos *= 10;
  return nanos / 1000;
}

}  // namespace

std::optional<delta::Date> parse_date(std::string_view text) {
  Scanner scanner(text);
  const auto date = scan_date(scanner);
  return scanner.at_end() ? date : std::nullopt;
}

std::optional<delta::TimestampNtz> parse_timestamp(std::string_view text) {
  Scanner scanner(text);
  const auto date = scan_date(scanner);
  if (!scanner.skip('T')) scanner.expect(' ');
  const auto hour = scanner.number(2);
  scanner.expect(':');
  const auto minute = scanner.number(2);
  std::int64_t second = 0;
  std::int64_t micros = 0;
  if (scanner.skip(':')) {
    second = scanner.number(2);
    if (scanner.skip('.')) micros = scan_fraction(scanner);
  }
  if (!date || !scanner.ok() || !scanner.at_end() || hour > 23 || minute > 59 || second > 59) {
    return std::nullopt;
  }
  constexpr std::int64_t kSecondsADay = 86'400;
  const auto seconds = date->days * kSecondsADay + hour * 3'600 + minute * 60 + second;
  return delta::TimestampNtz{seconds * 1'000'000 + micros};
}

}  // namespace engine
