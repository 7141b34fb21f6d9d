#include "delta/src/decimal_text.h"

#include <algorithm>
#include <charconv>

namespace delta {
namespace {

std::string digits_of(unsigned __int128 magnitude) {
  std::string digits;
  do {
    digits += static_cast<char>('0' + static_cast<int>(magnitude % 10));
    magnitude /= 10;
  } while (magnitude != 0);
  std::reverse(digits.begin(), digits.end());
  return digits;
}

// Digits and where the decimal point stands: value = digits * 10^-scale.
struct Scanned {
  std::string digits;
  long scale = 0;
  bool negative = false;
};

std::optional<Scanned> scan(std::string_view text) {
  Scanned number;
  std::size_t i = 0;
  if (i < text.size() && (text[i] == '-' || text[i] == '+')) number.negative = text[i++] == '-';
  bool point = false;
  bool any_digit = false;
  for (; i < text.size() && text[i] != 'e' && text[i] != 'E'; ++i) {
    if (text[i] == '.' && !point) {
      point = true;
      continue;
    }
    if (text[i] < '0' || text[i] > '9') return std::nullopt;
    any_digit = true;
    if (point) ++number.scale;
    number.digits += text[i];
  }
  if (!any_digit) return std::nullopt;
  if (i < text.size()) {
    ++i;
    if (i < text.size() && text[i] == '+') ++i;
    int exponent = 0;
    const char* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data() + i, end, exponent);
    if (error != std::errc() || stop != end) return std::nullopt;
    number.scale -= exponent;
  }
  number.digits.erase(0, number.digits.find_first_not_of('0'));
  if (number.digits.empty()) number.scale = 0;
  return number;
}

}  // namespace

std::string format_decimal(const Decimal& decimal) {
  const bool negative = decimal.unscaled < 0;
  const auto magnitude = negative ? -static_cast<unsigned __int128>(decimal.unscaled)
                                  : static_cast<unsigned __int128>(decimal.unscaled);
  std::string digits = digits_of(magnitude);
  const auto scale = static_cast<std::size_t>(decimal.scale);
  if (scale > 0) {
    if (digits.size() <= scale) digits.insert(0, scale + 1 - digits.size(), '0');
    digits.insert(digits.size() - scale, 1, '.');
  }
  return negative ? "-" + digits : digits;
}

std::optional<Decimal> parse_decimal(std::string_view text, int precision, int scale) {
  auto number = scan(text);
  if (!number) return std::nullopt;
  while (number->scale > scale && !number->digits.empty() && number->digits.back() == '0') {
    number->digits.pop_back();
    --number->scale;
  }
  if (number->digits.empty()) number->scale = 0;
  if (number->scale > scale) return std::nullopt;
  const long zeros = number->digits.empty() ? 0 : scale - number->scale;
  if (static_cast<long>(number->digits.size()) + zeros > precision) return std::nullopt;
  number->digits.append(static_cast<std::size_t>(zeros), '0');
  Decimal decimal{0, precision, scale};
  for (const char digit : number->digits) decimal.unscaled = decimal.unscaled * 10 + (digit - '0');
  if (number->negative) decimal.unscaled = -decimal.unscaled;
  return decimal;
}

}  // namespace delta
