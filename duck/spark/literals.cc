#include "duck/spark/literals.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <limits>
#include <regex>

#include "duck/spark/unsupported.h"
#include "duck/sql_text.h"

namespace duck::spark {
namespace {

using delta::DataType;
using delta::TypeKind;

[[noreturn]] void not_a_number(const std::string& text) {
  unsupported("'" + text + "' is not a number that is understood");
}

TypedSql integer(const std::string& digits, TypeKind kind) {
  const DataType type = DataType::primitive(kind);
  return {.sql = cast_sql(quote_string(digits), type), .type = type, .literal = digits};
}

bool fits(const std::string& digits, std::int64_t low, std::int64_t high) {
  std::int64_t value = 0;
  const auto [end, fault] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return fault == std::errc() && end == digits.data() + digits.size() && value >= low &&
         value <= high;
}

template <typename T>
bool fits(const std::string& digits) {
  return fits(digits, std::numeric_limits<T>::min(), std::numeric_limits<T>::max());
}

TypedSql decimal(const std::string& number) {
  std::string digits;
  int scale = 0;
  bool in_fraction = false;
  for (const char c : number) {
    if (c == '.') in_fraction = true;
    if (c < '0' || c > '9') continue;
    if (in_fraction) ++scale;
    if (!digits.empty() || c != '0') digits += c;
  }
  const int precision = std::max({static_cast<int>(digits.size()), scale, 1});
  if (precision > kMaxPrecision) not_a_number(number);
  const DataType type = DataType::decimal(precision, scale);
  return {.sql = cast_sql(quote_string(number), type), .type = type, .literal = number};
}

TypedSql floating(const std::string& number, TypeKind kind) {
  const DataType type = DataType::primitive(kind);
  return {.sql = cast_sql(quote_string(number), type), .type = type, .literal = number};
}

TypedSql whole_number(const std::string& digits) {
  if (fits<std::int32_t>(digits)) return integer(digits, TypeKind::kInteger);
  if (fits<std::int64_t>(digits)) return integer(digits, TypeKind::kLong);
  return decimal(digits);
}

std::string upper(std::string text) {
  std::ranges::transform(text, text.begin(), [](unsigned char c) { return std::toupper(c); });
  return text;
}

// Which day of its month there is not.
bool is_day(int year, int month, int day) {
  constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  if (year < 1 || month < 1 || month > 12 || day < 1) return false;
  const bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
  return day <= kDays[month - 1] + (month == 2 && leap ? 1 : 0);
}

bool is_date(const std::string& text) {
  static const std::regex date_pattern(R"((\d{4})-(\d{1,2})-(\d{1,2}))");
  std::smatch parts;
  return std::regex_match(text, parts, date_pattern) &&
         is_day(std::stoi(parts[1]), std::stoi(parts[2]), std::stoi(parts[3]));
}

// "2024-02-29 12:00:00.123456", with a 'T' too, or a date alone.
bool is_local_time(const std::string& text) {
  static const std::regex time_pattern(R"([ T]([01]?\d|2[0-3]):[0-5]?\d:[0-5]?\d(\.\d{1,6})?)");
  const std::size_t end = std::min(text.find_first_of(" T"), text.size());
  return is_date(text.substr(0, end)) &&
         (end == text.size() || std::regex_match(text.substr(end), time_pattern));
}

// Without its zone, which must be UTC or an offset such as +02:00.
std::string split_zone(std::string& text) {
  static const std::regex zone_pattern(R"((.*?) ?(Z|UTC|[+-](0\d|1[0-8]):[0-5]\d))");
  std::smatch parts;
  if (!std::regex_match(text, parts, zone_pattern)) return "";
  const std::string zone = parts[2];
  text = parts[1].str();
  return zone == "Z" || zone == "UTC" ? "+00" : zone;
}

}  // namespace

TypedSql number_literal(const std::string& text) {
  static const std::regex number_pattern(R"((-?(?:\d+\.?\d*|\.\d+))([eE][+-]?\d+)?(BD|L|S|Y|D|F)?)",
                                         std::regex::icase);
  std::smatch parts;
  if (!std::regex_match(text, parts, number_pattern)) not_a_number(text);
  const std::string mantissa = parts[1];
  const std::string number = mantissa + parts[2].str();
  const std::string suffix = upper(parts[3]);
  const bool whole = !parts[2].matched && mantissa.find('.') == std::string::npos;
  if (suffix == "D") return floating(number, TypeKind::kDouble);
  if (suffix == "F") return floating(number, TypeKind::kFloat);
  if (suffix == "L" && whole && fits<std::int64_t>(number)) return integer(number, TypeKind::kLong);
  if (suffix == "S" && whole && fits<std::int16_t>(number)) {
    return integer(number, TypeKind::kShort);
  }
  if (suffix == "Y" && whole && fits<std::int8_t>(number)) return integer(number, TypeKind::kByte);
  if (suffix == "BD" && !parts[2].matched) return decimal(number);
  if (!suffix.empty()) not_a_number(text);
  if (parts[2].matched) return floating(number, TypeKind::kDouble);
  return whole ? whole_number(number) : decimal(number);
}

TypedSql string_literal(const std::string& text) {
  return {.sql = quote_string(text), .type = string_type(), .literal = text};
}

TypedSql temporal_literal(const std::string& kind, const std::string& text) {
  if (kind == "date") {
    if (is_date(text))
      return {.sql = cast_sql(quote_string(text), date_type()), .type = date_type()};
    unsupported("'" + text + "' is not a date of the form 2024-02-29");
  }
  std::string local = text;
  const std::string zone = split_zone(local);
  if (!is_local_time(local)) {
    unsupported("'" + text + "' is not a timestamp of the form 2024-02-29 12:00:00.5Z");
  }
  if (kind == "timestamp_ntz") {
    if (!zone.empty()) unsupported("'" + text + "' has a zone");
    const DataType type = DataType::primitive(TypeKind::kTimestampNtz);
    return {.sql = cast_sql(quote_string(local), type), .type = type};
  }
  if (zone.empty()) {
    unsupported("the timestamp '" + text + "' has no zone, so that it depends on the writer's");
  }
  return {.sql = cast_sql(quote_string(local + zone), timestamp_type()), .type = timestamp_type()};
}

TypedSql string_as(const std::string& text, const DataType& type) {
  if (type.kind() == TypeKind::kDate) return temporal_literal("date", text);
  return temporal_literal(type.kind() == TypeKind::kTimestamp ? "timestamp" : "timestamp_ntz",
                          text);
}

}  // namespace duck::spark
