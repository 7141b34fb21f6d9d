// Dates and timestamps as text, in the proleptic Gregorian calendar.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "delta/value.h"

namespace delta {

inline constexpr std::int64_t kMicrosPerMilli = 1000;
inline constexpr std::int64_t kMicrosPerSecond = 1000 * 1000;
inline constexpr std::int64_t kMicrosPerDay = 86400 * kMicrosPerSecond;

// "2021-09-08". Years beyond 9999 have a sign.
std::string format_date(Date date);

// "2021-09-08", its parts one digit or more each. Nothing when it is not a date.
std::optional<Date> parse_date(std::string_view text);

// The fields up to the second and `fraction_digits` (0, 3 or 6) digits of its fraction, with
// `separator` between date and time: "2021-09-08 11:12:13.123456".
std::string format_timestamp(std::int64_t micros, char separator, int fraction_digits);

// A date alone, or a date and time separated by 'T' or ' ', with up to 9 fraction digits (those
// beyond the sixth are dropped) and an optional offset ("Z", "+02:00", "-0800", "+02"), which is
// applied; without one the clock is taken to be in UTC. Micros since the epoch.
std::optional<std::int64_t> parse_timestamp(std::string_view text);

}  // namespace delta
