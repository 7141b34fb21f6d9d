// Decimals as text.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "delta/value.h"

namespace delta {

// "-12.30" for the unscaled -1230 at scale 2.
std::string format_decimal(const Decimal& decimal);

// A number, also with an exponent ("1E+2", "0E-18"), at exactly this scale. Nothing when it is not
// a number, has more digits than `precision` or needs a greater scale.
std::optional<Decimal> parse_decimal(std::string_view text, int precision, int scale);

}  // namespace delta
