#include "duck/cast_conversion_internal.h"

#include <string>
#include <utility>

#include "duck/values_internal.h"

namespace duck {
namespace {

using Conversion = delta::Predicate::Conversion;
using duckdb::LogicalType;
using duckdb::LogicalTypeId;

// Dates and timestamps on a clock without zone.
bool is_local_time(const LogicalType& type) {
  switch (type.id()) {
    case LogicalTypeId::DATE:
    case LogicalTypeId::TIMESTAMP:
    case LogicalTypeId::TIMESTAMP_SEC:
    case LogicalTypeId::TIMESTAMP_MS:
      return true;
    default:
      return false;
  }
}

// Elsewhere clocks are put back now and then.
bool is_in_utc(duckdb::ClientContext& context) {
  duckdb::Value zone;
  return context.TryGetCurrentSetting("TimeZone", zone) && !zone.IsNull() &&
         zone.ToString() == "UTC";
}

// A conversion that rounds still gives no less for more.
bool keeps_order(duckdb::ClientContext& context, const LogicalType& from, const LogicalType& to) {
  if (from.IsNumeric() && to.IsNumeric()) return true;
  const auto is_time = [](const LogicalType& type) {
    return is_local_time(type) || type.id() == LogicalTypeId::TIMESTAMP_TZ;
  };
  if (!is_time(from) || !is_time(to)) return false;
  return (is_local_time(from) && is_local_time(to)) || is_in_utc(context);
}

}  // namespace

Conversion cast_conversion(duckdb::ClientContext& context, const LogicalType& from,
                           const LogicalType& to) {
  const auto convert = [&context, from, to](const delta::Value& value) {
    duckdb::Value result;
    std::string error;
    // A bound that was widened may be no value of the column's type any more.
    duckdb::Value given;
    if (!to_duckdb(value).DefaultTryCastAs(from, given, &error))
      return std::optional<delta::Value>();
    const bool is_done = given.TryCastAs(context, to, result, &error);
    return is_done && !result.IsNull() ? std::optional(to_delta(result)) : std::nullopt;
  };
  return {.convert = convert, .keeps_order = keeps_order(context, from, to)};
}

Conversion composed(Conversion first, Conversion second) {
  const bool keeps_order = first.keeps_order && second.keeps_order;
  const auto convert = [first = std::move(first.convert), second = std::move(second.convert)](
                           const delta::Value& value) -> std::optional<delta::Value> {
    const auto between = first(value);
    return between ? second(*between) : std::nullopt;
  };
  return {.convert = convert, .keeps_order = keeps_order};
}

}  // namespace duck
