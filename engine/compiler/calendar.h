// Dates and times as typed parameters spell them.
#pragma once

#include <optional>
#include <string_view>

#include "delta/value.h"

namespace engine {

// "YYYY-MM-DD" of the Gregorian calendar, years 0001 to 9999; nothing for anything else.
std::optional<delta::Date> parse_date(std::string_view text);

// ISO 8601 without zone: a date, 'T' or a space, "HH:MM", optionally ":SS" and a fraction of 1 to 9
// digits, of which those after the microseconds are dropped. Nothing for anything else.
std::optional<delta::TimestampNtz> parse_timestamp(std::string_view text);

}  // namespace engine
