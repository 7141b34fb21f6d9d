#include "delta/variant_encoding.h"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <functional>
#include <limits>
#include <numeric>
#include <utility>

#include "base/error.h"

namespace delta {
namespace {

// The lowest two bits of a value's first byte.
enum class Basic : std::uint8_t { kPrimitive = 0, kShortText = 1, kObject = 2, kArray = 3 };

// What the other bits say of a primitive.
enum class Primitive : std::uint8_t {
  kNull = 0,
  kTrue = 1,
  kFalse = 2,
  kInt8 = 3,
  kInt16 = 4,
  kInt32 = 5,
  kInt64 = 6,
  kDouble = 7,
  kDecimal4 = 8,
  kDecimal8 = 9,
  kDecimal16 = 10,
  kDate = 11,
  kTimestamp = 12,
  kTimestampNtz = 13,
  kFloat = 14,
  kBinary = 15,
  kText = 16,
  kTime = 17,
  kTimestampNtzNanos = 19,
  kUuid = 20,
};

constexpr std::size_t kMaxShortText = 63;
constexpr std::uint32_t kMaxSmallCount = 255;
constexpr std::uint8_t kVersion = 1;

[[noreturn]] void invalid(const std::string& why) {
  throw base::Error(base::Stage::kRuntime, "DELTA_VARIANT_INVALID", "a variant is invalid: " + why);
}

// Numbers are little-endian.
std::uint32_t number_at(std::string_view bytes, std::size_t offset, std::size_t width) {
  if (offset > bytes.size() || bytes.size() - offset < width) invalid("it is cut off");
  std::uint32_t number = 0;
  for (std::size_t i = width; i > 0; --i) {
    number = number << 8 | static_cast<unsigned char>(bytes[offset + i - 1]);
  }
  return number;
}

template <typename Number>
void append_number(std::string& out, Number number, std::size_t width = sizeof(Number)) {
  for (std::size_t i = 0; i < width; ++i) {
    out += static_cast<char>(static_cast<unsigned char>(number >> 8 * i & 0xFF));
  }
}

std::string_view part(std::string_view bytes, std::size_t begin, std::size_t end) {
  if (begin > end || end > bytes.size()) invalid("its parts lie outside of it");
  return bytes.substr(begin, end - begin);
}

char first_byte(Basic basic, unsigned rest) {
  return static_cast<char>(rest << 2 | static_cast<unsigned>(basic));
}

std::string primitive(Primitive type) {
  return {first_byte(Basic::kPrimitive, static_cast<unsigned>(type))};
}

template <typename Number>
std::string primitive(Primitive type, Number number) {
  std::string out = primitive(type);
  append_number(out, number);
  return out;
}

template <typename Narrow>
bool fits(std::int64_t value) {
  return value >= std::numeric_limits<Narrow>::min() && value <= std::numeric_limits<Narrow>::max();
}

// How many bytes an offset or a place up to `largest` has.
std::size_t width_of(std::size_t largest) {
  std::size_t width = 1;
  while (width < 4 && largest >> 8 * width != 0) ++width;
  return width;
}

void append_count(std::string& out, std::size_t count) {
  append_number(out, static_cast<std::uint32_t>(count), count > kMaxSmallCount ? 4 : 1);
}

// The offsets of values side by side, and their end.
template <typename Values, typename Value>
void append_values(std::string& out, const Values& values, const Value& value_of,
                   std::size_t offset_width) {
  std::uint32_t offset = 0;
  append_number(out, offset, offset_width);
  for (const auto& value : values) {
    offset += static_cast<std::uint32_t>(value_of(value).size());
    append_number(out, offset, offset_width);
  }
  for (const auto& value : values) out += value_of(value);
}

template <typename Values, typename Value>
std::size_t size_of(const Values& values, const Value& value_of) {
  const std::size_t size =
      std::accumulate(values.begin(), values.end(), std::size_t{0},
                      [&](std::size_t sum, const auto& one) { return sum + value_of(one).size(); });
  if (size > std::numeric_limits<std::uint32_t>::max()) invalid("it has more than 4 GiB");
  return size;
}

}  // namespace

VariantNames::VariantNames(std::string_view metadata) : metadata_(metadata) {
  const std::uint32_t header = number_at(metadata, 0, 1);
  if ((header & 0x0F) != kVersion) invalid("its metadata is of another version");
  offset_bytes_ = (header >> 6) + 1;
  size_ = number_at(metadata, 1, offset_bytes_);
  if (size_ > metadata.size()) invalid("its metadata is cut off");
}

std::string_view VariantNames::at(std::uint32_t place) const {
  if (place >= size_) invalid("its metadata has no name at place " + std::to_string(place));
  const std::size_t offsets = 1 + offset_bytes_;
  const std::size_t names = offsets + offset_bytes_ * (std::size_t{size_} + 1);
  const std::size_t offset = offsets + offset_bytes_ * place;
  return part(metadata_, names + number_at(metadata_, offset, offset_bytes_),
              names + number_at(metadata_, offset + offset_bytes_, offset_bytes_));
}

std::uint32_t VariantNames::place_of(std::string_view name) const {
  for (std::uint32_t place = 0; place < size_; ++place) {
    if (at(place) == name) return place;
  }
  invalid("its metadata does not list '" + std::string(name) + "'");
}

std::string variant_null() { return primitive(Primitive::kNull); }

std::string variant_of(bool value) {
  return primitive(value ? Primitive::kTrue : Primitive::kFalse);
}

std::string variant_of(std::int64_t value) {
  if (fits<std::int8_t>(value)) return primitive(Primitive::kInt8, static_cast<std::int8_t>(value));
  if (fits<std::int16_t>(value)) {
    return primitive(Primitive::kInt16, static_cast<std::int16_t>(value));
  }
  if (fits<std::int32_t>(value)) {
    return primitive(Primitive::kInt32, static_cast<std::int32_t>(value));
  }
  return primitive(Primitive::kInt64, value);
}

std::string variant_of(float value) {
  return primitive(Primitive::kFloat, std::bit_cast<std::uint32_t>(value));
}

std::string variant_of(double value) {
  return primitive(Primitive::kDouble, std::bit_cast<std::uint64_t>(value));
}

std::string variant_decimal(__int128 unscaled, int scale) {
  constexpr int kMax4 = 9, kMax8 = 18;  // digits
  const auto fits_digits = [unscaled](int digits) {
    __int128 limit = 1;
    for (int i = 0; i < digits; ++i) limit *= 10;
    return unscaled > -limit && unscaled < limit;
  };
  const auto spelled = [scale](Primitive type, auto number) {
    std::string out = primitive(type);
    out += static_cast<char>(scale);
    append_number(out, number);
    return out;
  };
  if (scale <= kMax4 && fits_digits(kMax4)) {
    return spelled(Primitive::kDecimal4, static_cast<std::int32_t>(unscaled));
  }
  if (scale <= kMax8 && fits_digits(kMax8)) {
    return spelled(Primitive::kDecimal8, static_cast<std::int64_t>(unscaled));
  }
  return spelled(Primitive::kDecimal16, unscaled);
}

std::string variant_date(std::int32_t days) { return primitive(Primitive::kDate, days); }

std::string variant_timestamp(std::int64_t micros) {
  return primitive(Primitive::kTimestamp, micros);
}

std::string variant_timestamp_ntz(std::int64_t micros) {
  return primitive(Primitive::kTimestampNtz, micros);
}

std::string variant_timestamp_ntz_nanos(std::int64_t nanos) {
  return primitive(Primitive::kTimestampNtzNanos, nanos);
}

std::string variant_time(std::int64_t micros) { return primitive(Primitive::kTime, micros); }

std::string variant_text(std::string_view text) {
  if (text.size() <= kMaxShortText) {
    std::string out{first_byte(Basic::kShortText, static_cast<unsigned>(text.size()))};
    return out.append(text);
  }
  return primitive(Primitive::kText, static_cast<std::uint32_t>(text.size())).append(text);
}

std::string variant_binary(std::string_view bytes) {
  return primitive(Primitive::kBinary, static_cast<std::uint32_t>(bytes.size())).append(bytes);
}

std::string variant_uuid(std::span<const std::uint8_t, 16> bytes) {
  std::string out = primitive(Primitive::kUuid);
  for (const std::uint8_t byte : bytes) out += static_cast<char>(byte);
  return out;
}

std::string variant_array(std::span<const std::string> elements) {
  const std::identity value_of;
  const std::size_t offset_width = width_of(size_of(elements, value_of));
  const bool is_large = elements.size() > kMaxSmallCount;
  std::string out{first_byte(Basic::kArray, static_cast<unsigned>(is_large) << 2 |
                                                static_cast<unsigned>(offset_width - 1))};
  append_count(out, elements.size());
  append_values(out, elements, value_of, offset_width);
  return out;
}

std::string variant_object(std::vector<VariantField> fields) {
  std::ranges::sort(fields, {}, &VariantField::name);
  const auto twice = std::ranges::adjacent_find(fields, {}, &VariantField::name);
  if (twice != fields.end()) invalid("it has the field '" + std::string(twice->name) + "' twice");
  const auto value_of = [](const VariantField& field) -> const std::string& { return field.value; };
  const std::size_t offset_width = width_of(size_of(fields, value_of));
  std::uint32_t last_place = 0;
  for (const VariantField& field : fields) last_place = std::max(last_place, field.place);
  const std::size_t place_width = width_of(last_place);
  const bool is_large = fields.size() > kMaxSmallCount;
  std::string out{first_byte(Basic::kObject, static_cast<unsigned>(is_large) << 4 |
                                                 static_cast<unsigned>(place_width - 1) << 2 |
                                                 static_cast<unsigned>(offset_width - 1))};
  append_count(out, fields.size());
  for (const VariantField& field : fields) append_number(out, field.place, place_width);
  append_values(out, fields, value_of, offset_width);
  return out;
}

std::vector<VariantField> variant_fields(std::string_view value, const VariantNames& names) {
  const std::uint32_t header = number_at(value, 0, 1);
  if ((header & 3) != static_cast<std::uint32_t>(Basic::kObject)) invalid("it is no object");
  const std::size_t offset_width = (header >> 2 & 3) + 1;
  const std::size_t place_width = (header >> 4 & 3) + 1;
  const std::size_t count_width = (header >> 6 & 1) != 0 ? 4 : 1;
  const std::size_t count = number_at(value, 1, count_width);
  if (count > value.size()) invalid("it is cut off");
  const std::size_t places = 1 + count_width;
  const std::size_t offsets = places + count * place_width;
  const std::size_t values = offsets + (count + 1) * offset_width;
  const std::size_t end = values + number_at(value, offsets + count * offset_width, offset_width);
  // Values may lie in another order than the fields.
  std::vector<std::size_t> begins(count);
  for (std::size_t i = 0; i < count; ++i) {
    begins[i] = values + number_at(value, offsets + i * offset_width, offset_width);
  }
  std::vector<std::size_t> sorted = begins;
  sorted.push_back(end);
  std::ranges::sort(sorted);
  std::vector<VariantField> fields;
  for (std::size_t i = 0; i < count; ++i) {
    VariantField field;
    field.place = number_at(value, places + i * place_width, place_width);
    field.name = names.at(field.place);
    const auto next = std::ranges::upper_bound(sorted, begins[i]);
    if (next == sorted.end()) invalid("its parts lie outside of it");
    field.value = part(value, begins[i], *next);
    fields.push_back(std::move(field));
  }
  return fields;
}

}  // namespace delta
