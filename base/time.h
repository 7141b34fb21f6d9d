// Wall-clock times as the formats spell them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace base {

// Milliseconds since 1970-01-01T00:00:00Z.
std::int64_t now_ms();

// Microseconds since 1970-01-01T00:00:00Z.
std::int64_t now_us();

// RFC 3339 in UTC with Z, with as many fraction digits as are needed (0, 3 or 6):
// "2026-11-22T09:48:01.123456Z".
std::string to_rfc3339(std::int64_t micros);

// The microseconds of such a text, in UTC with Z; digits beyond them are dropped. Nothing for
// another text.
std::optional<std::int64_t> parse_rfc3339(std::string_view text);

}  // namespace base
