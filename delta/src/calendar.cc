#include "delta/src/calendar.h"

#include <array>
#include <cstdio>
#include <limits>

namespace delta {
namespace {

struct CivilDay {
  std::int64_t year;
  int month;
  int day;
};

// Days since 1970-01-01 of a day in the proleptic Gregorian calendar, by counting 400-year eras
// that start on March 1st, so that the leap day is the last of its year.
std::int64_t to_days(const CivilDay& civil) {
  const std::int64_t year = civil.year - (civil.month <= 2 ? 1 : 0);
  const std::int64_t era = (year >= 0 ? year : year - 399) / 400;
  const std::int64_t year_of_era = year - era * 400;
  const std::int64_t day_of_year =
      (153 * (civil.month + (civil.month > 2 ? -3 : 9)) + 2) / 5 + civil.day - 1;
  const std::int64_t day_of_era =
      year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * 146097 + day_of_era - 719468;
}

CivilDay to_civil(std::int64_t days) {
  days += 719468;
  const std::int64_t era = (days >= 0 ? days : days - 146096) / 146097;
  const std::int64_t day_of_era = days - era * 146097;
  const std::int64_t year_of_era =
      (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  const std::int64_t day_of_year =
      day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const std::int64_t shifted_month = (5 * day_of_year + 2) / 153;
  const int month = static_cast<int>(shifted_month < 10 ? shifted_month + 3 : shifted_month - 9);
  return {year_of_era + era * 400 + (month <= 2 ? 1 : 0), month,
          static_cast<int>(day_of_year - (153 * shifted_month + 2) / 5 + 1)};
}

int days_in_month(std::int64_t year, int month) {
  constexpr std::array<int, 12> kDays = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
  return month == 2 && leap ? 29 : kDays[static_cast<std::size_t>(month - 1)];
}

std::int64_t floor_divide(std::int64_t dividend, std::int64_t divisor) {
  return dividend / divisor - (dividend % divisor < 0 ? 1 : 0);
}

// Takes text apart from the left.
class Cursor {
 public:
  explicit Cursor(std::string_view text) : rest_(text) {}

  bool at_end() const { return rest_.empty(); }
  std::size_t remaining() const { return rest_.size(); }
  char peek() const { return rest_.empty() ? '\0' : rest_.front(); }

  bool skip(char c) {
    if (peek() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }

  // From `least` to `most` digits.
  std::optional<std::int64_t> number(std::size_t least, std::size_t most) {
    std::int64_t value = 0;
    std::size_t digits = 0;
    while (digits < most && peek() >= '0' && peek() <= '9') {
      value = value * 10 + (peek() - '0');
      rest_.remove_prefix(1);
      ++digits;
    }
    if (digits < least) return std::nullopt;
    return value;
  }

 private:
  std::string_view rest_;
};

std::optional<std::int64_t> read_days(Cursor& cursor) {
  const bool negative = cursor.peek() == '-';
  if (negative || cursor.peek() == '+') cursor.skip(cursor.peek());
  const auto year = cursor.number(1, 7);
  if (!year || !cursor.skip('-')) return std::nullopt;
  const auto month = cursor.number(1, 2);
  if (!month || *month < 1 || *month > 12 || !cursor.skip('-')) return std::nullopt;
  const auto day = cursor.number(1, 2);
  const CivilDay civil{negative ? -*year : *year, static_cast<int>(*month),
                       static_cast<int>(day.value_or(0))};
  if (civil.day < 1 || civil.day > days_in_month(civil.year, civil.month)) return std::nullopt;
  return to_days(civil);
}

// The fraction of a second in micros; the '.' is next.
std::optional<std::int64_t> read_fraction(Cursor& cursor) {
  cursor.skip('.');
  const std::size_t before = cursor.remaining();
  auto micros = cursor.number(1, 6);
  if (!micros) return std::nullopt;
  for (std::size_t digits = before - cursor.remaining(); digits < 6; ++digits) *micros *= 10;
  cursor.number(0, 3);
  return micros;
}

std::optional<std::int64_t> read_time_of_day(Cursor& cursor) {
  const auto hour = cursor.number(1, 2);
  if (!hour || *hour > 23 || !cursor.skip(':')) return std::nullopt;
  const auto minute = cursor.number(1, 2);
  if (!minute || *minute > 59) return std::nullopt;
  std::int64_t micros = (*hour * 60 + *minute) * 60 * kMicrosPerSecond;
  if (!cursor.skip(':')) return micros;
  const auto second = cursor.number(1, 2);
  if (!second || *second > 59) return std::nullopt;
  micros += *second * kMicrosPerSecond;
  if (cursor.peek() != '.') return micros;
  const auto fraction = read_fraction(cursor);
  if (!fraction) return std::nullopt;
  return micros + *fraction;
}

// What to add to the clock for UTC.
std::optional<std::int64_t> read_offset(Cursor& cursor) {
  if (cursor.at_end() || cursor.skip('Z') || cursor.skip('z')) return 0;
  const bool east = cursor.peek() == '+';
  if (!east && cursor.peek() != '-') return std::nullopt;
  cursor.skip(cursor.peek());
  const auto hours = cursor.number(2, 2);
  if (!hours) return std::nullopt;
  cursor.skip(':');
  const std::int64_t minutes = cursor.number(2, 2).value_or(0);
  std::int64_t seconds = (*hours * 60 + minutes) * 60;
  if (cursor.skip(':')) seconds += cursor.number(2, 2).value_or(0);
  return (east ? -seconds : seconds) * kMicrosPerSecond;
}

// Nothing beyond 64 bits, which reach from a day of -290308 to one of 294247.
std::optional<std::int64_t> micros_of(std::int64_t days, std::int64_t of_day) {
  const __int128 micros = static_cast<__int128>(days) * kMicrosPerDay + of_day;
  if (micros < std::numeric_limits<std::int64_t>::min() ||
      micros > std::numeric_limits<std::int64_t>::max()) {
    return std::nullopt;
  }
  return static_cast<std::int64_t>(micros);
}

}  // namespace

std::string format_date(Date date) {
  const CivilDay civil = to_civil(date.days);
  const char* const sign = civil.year < 0 ? "-" : civil.year > 9999 ? "+" : "";
  std::array<char, 48> text;
  std::snprintf(text.data(), text.size(), "%s%04lld-%02d-%02d", sign,
                static_cast<long long>(civil.year < 0 ? -civil.year : civil.year), civil.month,
                civil.day);
  return text.data();
}

std::optional<Date> parse_date(std::string_view text) {
  Cursor cursor(text);
  const auto days = read_days(cursor);
  if (!days || !cursor.at_end() || *days < std::numeric_limits<std::int32_t>::min() ||
      *days > std::numeric_limits<std::int32_t>::max()) {
    return std::nullopt;
  }
  return Date{static_cast<std::int32_t>(*days)};
}

std::string format_timestamp(std::int64_t micros, char separator, int fraction_digits) {
  const std::int64_t days = floor_divide(micros, kMicrosPerDay);
  // The first day begins before 64 bits do.
  const std::int64_t past_midnight = micros % kMicrosPerDay;
  const std::int64_t of_day = past_midnight < 0 ? past_midnight + kMicrosPerDay : past_midnight;
  const std::int64_t seconds = of_day / kMicrosPerSecond;
  const int fraction = static_cast<int>(of_day % kMicrosPerSecond);
  std::array<char, 32> time;
  std::snprintf(time.data(), time.size(), "%c%02d:%02d:%02d", separator,
                static_cast<int>(seconds / 3600), static_cast<int>(seconds / 60 % 60),
                static_cast<int>(seconds % 60));
  std::string text = format_date(Date{static_cast<std::int32_t>(days)}) + time.data();
  if (fraction_digits == 3) {
    std::snprintf(time.data(), time.size(), ".%03d", fraction / 1000);
    text += time.data();
  } else if (fraction_digits == 6) {
    std::snprintf(time.data(), time.size(), ".%06d", fraction);
    text += time.data();
  }
  return text;
}

std::optional<std::int64_t> parse_timestamp(std::string_view text) {
  Cursor cursor(text);
  const auto days = read_days(cursor);
  if (!days) return std::nullopt;
  if (cursor.at_end()) return micros_of(*days, 0);
  if (!cursor.skip('T') && !cursor.skip(' ')) return std::nullopt;
  const auto of_day = read_time_of_day(cursor);
  if (!of_day) return std::nullopt;
  const auto offset = read_offset(cursor);
  if (!offset || !cursor.at_end()) return std::nullopt;
  return micros_of(*days, *of_day + *offset);
}

}  // namespace delta
