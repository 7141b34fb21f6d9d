// Typed literals: partition values, statistics, predicate constants, bound query parameters.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "delta/schema.h"

namespace delta {

struct Date {
  std::int32_t days = 0;  // since 1970-01-01
  auto operator<=>(const Date&) const = default;
};

struct Timestamp {
  std::int64_t micros = 0;  // since 1970-01-01T00:00:00Z
  auto operator<=>(const Timestamp&) const = default;
};

struct TimestampNtz {
  std::int64_t micros = 0;  // since 1970-01-01T00:00:00 on a clock without zone
  auto operator<=>(const TimestampNtz&) const = default;
};

struct Decimal {
  __int128 unscaled = 0;
  int precision = 38;
  int scale = 0;
  bool operator==(const Decimal&) const = default;
};

struct Binary {
  std::string bytes;
  auto operator<=>(const Binary&) const = default;
};

// std::monostate is null. Integers of every width are std::int64_t, floats of both are double.
using Value = std::variant<std::monostate, bool, std::int64_t, double, std::string, Binary, Date,
                           Timestamp, TimestampNtz, Decimal>;

inline bool is_null(const Value& value) { return std::holds_alternative<std::monostate>(value); }

// Orders two values of one type as Delta's statistics do: strings by UTF-8 bytes, NaN above all
// numbers. Nothing when a value is null or the types differ in a way that has no order.
std::optional<std::partial_ordering> compare(const Value& left, const Value& right);

// PROTOCOL.md, "Partition Value Serialization": the text in an add action's partitionValues. Null
// and the empty string are both null there (std::nullopt).
std::optional<std::string> serialize_partition_value(const Value& value);

// Of a column of that type: a float has no more digits than it needs as one.
std::optional<std::string> serialize_partition_value(const Value& value, const DataType& type);

// The inverse for a column's type. Throws base::Error DELTA_PARTITION_VALUE_INVALID.
Value parse_partition_value(const std::optional<std::string>& text, const DataType& type);

}  // namespace delta
