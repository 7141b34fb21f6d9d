// PROTOCOL.md, "Partition Value Serialization".
#include <array>
#include <charconv>
#include <cmath>
#include <limits>

#include "base/ascii.h"
#include "base/error.h"
#include "delta/src/calendar.h"
#include "delta/src/decimal_text.h"
#include "delta/src/utf8.h"
#include "delta/value.h"

namespace delta {
namespace {

constexpr std::string_view kByteEscape = "\\u00";
constexpr std::size_t kEscapedByteLength = 6;

// Text that is nothing but \u00XX escapes, as some writers spell bytes.
std::optional<std::string> unescape_bytes(std::string_view text) {
  if (text.size() % kEscapedByteLength != 0) return std::nullopt;
  std::string bytes;
  for (std::size_t i = 0; i < text.size(); i += kEscapedByteLength) {
    const int high = base::hex_value(text[i + 4]);
    const int low = base::hex_value(text[i + 5]);
    if (text.substr(i, kByteEscape.size()) != kByteEscape || high < 0 || low < 0) {
      return std::nullopt;
    }
    bytes += static_cast<char>(high * 16 + low);
  }
  return bytes;
}

// Bytes that are UTF-8 are that text, as Spark writes them; others are escaped one by one.
std::string serialize_bytes(const std::string& bytes) {
  if (is_valid_utf8(bytes) && !unescape_bytes(bytes)) return bytes;
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string text;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    text += kByteEscape;
    text += kHex[byte >> 4];
    text += kHex[byte & 15];
  }
  return text;
}

// As Java's toString spells it, and so Spark, which compares partitions by their texts: 0.001,
// 100.0, 1.0E7, 1.0E-4.
template <typename Number>
std::string serialize_floating(Number number) {
  if (std::isnan(number)) return "NaN";
  if (std::isinf(number)) return number < 0 ? "-Infinity" : "Infinity";
  if (number == 0) return std::signbit(number) ? "-0.0" : "0.0";
  std::array<char, 32> buffer;
  const auto result = std::to_chars(buffer.data(), buffer.data() + buffer.size(), std::abs(number),
                                    std::chars_format::scientific);
  const std::string_view text(buffer.data(), result.ptr);
  const std::size_t mark = text.find('e');
  std::string digits(text.substr(0, mark));
  if (digits.size() > 1) digits.erase(1, 1);  // the point
  int exponent = 0;
  const std::size_t sign = text[mark + 1] == '+' ? 2 : 1;
  std::from_chars(text.data() + mark + sign, text.data() + text.size(), exponent);
  const std::string minus = number < 0 ? "-" : "";
  if (exponent < -3 || exponent >= 7) {
    const std::string rest = digits.size() > 1 ? digits.substr(1) : "0";
    return minus + digits.substr(0, 1) + "." + rest + "E" + std::to_string(exponent);
  }
  if (exponent < 0) {
    return minus + "0." + std::string(static_cast<std::size_t>(-exponent - 1), '0') + digits;
  }
  const auto whole = static_cast<std::size_t>(exponent) + 1;
  if (digits.size() <= whole) digits.append(whole - digits.size() + 1, '0');
  return minus + digits.insert(whole, ".");
}

struct Serializer {
  std::string operator()(std::monostate) const { return ""; }
  std::string operator()(bool value) const { return value ? "true" : "false"; }
  std::string operator()(std::int64_t value) const { return std::to_string(value); }
  std::string operator()(double value) const { return serialize_floating(value); }
  std::string operator()(const std::string& value) const { return value; }
  std::string operator()(const Binary& value) const { return serialize_bytes(value.bytes); }
  std::string operator()(Date value) const { return format_date(value); }
  std::string operator()(Timestamp value) const {
    return format_timestamp(value.micros, 'T', 6) + "Z";
  }
  std::string operator()(TimestampNtz value) const {
    const int digits = value.micros % kMicrosPerSecond == 0 ? 0 : 6;
    return format_timestamp(value.micros, ' ', digits);
  }
  std::string operator()(const Decimal& value) const { return format_decimal(value); }
};

std::optional<std::int64_t> parse_integer(std::string_view text, std::int64_t min,
                                          std::int64_t max) {
  if (text.starts_with('+')) text.remove_prefix(1);
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  if (value < min || value > max) return std::nullopt;
  return value;
}

template <typename Integer>
std::optional<std::int64_t> parse_integer(std::string_view text) {
  return parse_integer(text, std::numeric_limits<Integer>::min(),
                       std::numeric_limits<Integer>::max());
}

template <typename Float>
std::optional<double> parse_float(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  Float value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (end != text.data() + text.size() || text.empty()) return std::nullopt;
  if (error == std::errc()) return value;
  if (error != std::errc::result_out_of_range) return std::nullopt;
  return std::strtod(std::string(text).c_str(), nullptr);  // too large or too small: inf or 0
}

std::optional<bool> parse_bool(std::string_view text) {
  const std::string lower = base::lower_case(std::string(text));
  if (lower == "true") return true;
  if (lower == "false") return false;
  return std::nullopt;
}

template <typename T>
std::optional<Value> as_value(const std::optional<T>& parsed) {
  if (!parsed) return std::nullopt;
  return Value(*parsed);
}

std::optional<Value> parse(const std::string& text, const DataType& type) {
  switch (type.kind()) {
    case TypeKind::kString:
      return Value(text);
    case TypeKind::kLong:
      return as_value(parse_integer<std::int64_t>(text));
    case TypeKind::kInteger:
      return as_value(parse_integer<std::int32_t>(text));
    case TypeKind::kShort:
      return as_value(parse_integer<std::int16_t>(text));
    case TypeKind::kByte:
      return as_value(parse_integer<std::int8_t>(text));
    case TypeKind::kFloat:
      return as_value(parse_float<float>(text));
    case TypeKind::kDouble:
      return as_value(parse_float<double>(text));
    case TypeKind::kDecimal:
      return as_value(parse_decimal(text, type.precision(), type.scale()));
    case TypeKind::kBoolean:
      return as_value(parse_bool(text));
    case TypeKind::kBinary:
      return Value(Binary{unescape_bytes(text).value_or(text)});
    case TypeKind::kDate:
      return as_value(parse_date(text));
    case TypeKind::kTimestamp:
      if (const auto micros = parse_timestamp(text)) return Value(Timestamp{*micros});
      return std::nullopt;
    case TypeKind::kTimestampNtz:
      if (const auto micros = parse_timestamp(text)) return Value(TimestampNtz{*micros});
      return std::nullopt;
    case TypeKind::kVoid:
      return Value();
    case TypeKind::kVariant:
    case TypeKind::kStruct:
    case TypeKind::kArray:
    case TypeKind::kMap:
      return std::nullopt;
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::string> serialize_partition_value(const Value& value) {
  std::string text = std::visit(Serializer{}, value);
  if (text.empty()) return std::nullopt;
  return text;
}

std::optional<std::string> serialize_partition_value(const Value& value, const DataType& type) {
  const auto* const number = std::get_if<double>(&value);
  if (number == nullptr || type.kind() != TypeKind::kFloat) return serialize_partition_value(value);
  return serialize_floating(static_cast<float>(*number));
}

Value parse_partition_value(const std::optional<std::string>& text, const DataType& type) {
  if (!text || text->empty()) return {};
  if (auto value = parse(*text, type)) return std::move(*value);
  throw base::Error(base::Stage::kRuntime, "DELTA_PARTITION_VALUE_INVALID",
                    "the partition value '" + *text + "' is not of type " + type.to_string(),
                    {{"value", *text}, {"type", type.to_string()}});
}

}  // namespace delta
