#include "duck/values_internal.h"

#include <duckdb/common/types/decimal.hpp>
#include <variant>

namespace duck {
namespace {

using duckdb::LogicalType;
using duckdb::LogicalTypeId;

duckdb::hugeint_t to_hugeint(__int128 value) {
  duckdb::hugeint_t out;
  out.lower = static_cast<std::uint64_t>(value);
  out.upper = static_cast<std::int64_t>(value >> 64);
  return out;
}

__int128 from_hugeint(duckdb::hugeint_t value) {
  return (static_cast<__int128>(value.upper) << 64) | value.lower;
}

duckdb::Value to_duckdb_decimal(const delta::Decimal& decimal) {
  const auto precision = static_cast<std::uint8_t>(decimal.precision);
  const auto scale = static_cast<std::uint8_t>(decimal.scale);
  if (precision <= duckdb::Decimal::MAX_WIDTH_INT64) {
    return duckdb::Value::DECIMAL(static_cast<std::int64_t>(decimal.unscaled), precision, scale);
  }
  return duckdb::Value::DECIMAL(to_hugeint(decimal.unscaled), precision, scale);
}

delta::Value from_decimal(const duckdb::Value& value) {
  const int precision = duckdb::DecimalType::GetWidth(value.type());
  const int scale = duckdb::DecimalType::GetScale(value.type());
  __int128 unscaled = 0;
  switch (value.type().InternalType()) {
    case duckdb::PhysicalType::INT16:
      unscaled = value.GetValueUnsafe<std::int16_t>();
      break;
    case duckdb::PhysicalType::INT32:
      unscaled = value.GetValueUnsafe<std::int32_t>();
      break;
    case duckdb::PhysicalType::INT64:
      unscaled = value.GetValueUnsafe<std::int64_t>();
      break;
    default:
      unscaled = from_hugeint(value.GetValueUnsafe<duckdb::hugeint_t>());
      break;
  }
  return delta::Decimal{.unscaled = unscaled, .precision = precision, .scale = scale};
}

struct ToDuckDb {
  duckdb::Value operator()(std::monostate) const { return duckdb::Value(); }
  duckdb::Value operator()(bool value) const { return duckdb::Value::BOOLEAN(value); }
  duckdb::Value operator()(std::int64_t value) const { return duckdb::Value::BIGINT(value); }
  duckdb::Value operator()(double value) const { return duckdb::Value::DOUBLE(value); }
  duckdb::Value operator()(const std::string& value) const { return duckdb::Value(value); }
  duckdb::Value operator()(const delta::Binary& value) const {
    return duckdb::Value::BLOB_RAW(value.bytes);
  }
  duckdb::Value operator()(delta::Date value) const {
    return duckdb::Value::DATE(duckdb::date_t(value.days));
  }
  duckdb::Value operator()(delta::Timestamp value) const {
    return duckdb::Value::TIMESTAMPTZ(duckdb::timestamp_tz_t(value.micros));
  }
  duckdb::Value operator()(delta::TimestampNtz value) const {
    return duckdb::Value::TIMESTAMP(duckdb::timestamp_t(value.micros));
  }
  duckdb::Value operator()(const delta::Decimal& value) const { return to_duckdb_decimal(value); }
};

}  // namespace

duckdb::Value to_duckdb(const delta::Value& value) { return std::visit(ToDuckDb{}, value); }

duckdb::Value to_duckdb(const delta::Value& value, const LogicalType& type) {
  const duckdb::Value untyped = to_duckdb(value);
  return untyped.IsNull() ? duckdb::Value(type) : untyped.DefaultCastAs(type);
}

delta::Value to_delta(const duckdb::Value& value) {
  if (value.IsNull()) return {};
  switch (value.type().id()) {
    case LogicalTypeId::BOOLEAN:
      return value.GetValue<bool>();
    case LogicalTypeId::TINYINT:
    case LogicalTypeId::SMALLINT:
    case LogicalTypeId::INTEGER:
    case LogicalTypeId::BIGINT:
    case LogicalTypeId::UTINYINT:
    case LogicalTypeId::USMALLINT:
    case LogicalTypeId::UINTEGER:
      return value.GetValue<std::int64_t>();
    case LogicalTypeId::UBIGINT: {
      const auto number = value.GetValue<std::uint64_t>();
      return delta::Decimal{.unscaled = number, .precision = 20, .scale = 0};
    }
    case LogicalTypeId::HUGEINT:
      return delta::Decimal{.unscaled = from_hugeint(value.GetValue<duckdb::hugeint_t>()),
                            .precision = 38,
                            .scale = 0};
    case LogicalTypeId::FLOAT:
    case LogicalTypeId::DOUBLE:
      return value.GetValue<double>();
    case LogicalTypeId::DECIMAL:
      return from_decimal(value);
    case LogicalTypeId::BLOB:
      return delta::Binary{duckdb::StringValue::Get(value)};
    case LogicalTypeId::VARCHAR:
      return duckdb::StringValue::Get(value);
    case LogicalTypeId::DATE:
      return delta::Date{duckdb::DateValue::Get(value).days};
    case LogicalTypeId::TIMESTAMP_TZ:
      return delta::Timestamp{value.GetValueUnsafe<duckdb::timestamp_t>().value};
    case LogicalTypeId::TIMESTAMP:
      return delta::TimestampNtz{value.GetValueUnsafe<duckdb::timestamp_t>().value};
    case LogicalTypeId::TIMESTAMP_SEC:
    case LogicalTypeId::TIMESTAMP_MS:
    case LogicalTypeId::TIMESTAMP_NS:
      return to_delta(value.DefaultCastAs(LogicalType::TIMESTAMP));
    default:
      return value.ToString();
  }
}

}  // namespace duck
