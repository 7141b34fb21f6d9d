#include "duck/spark/casts.h"

#include <map>

#include "duck/spark/unsupported.h"
#include "duck/sql_text.h"

namespace duck::spark {
namespace {

using delta::DataType;
using delta::TypeKind;

// Decimals of a larger scale are written with an exponent by some of Spark's modes.
constexpr int kPlainScale = 6;

[[noreturn]] void no_cast(const TypedSql& value, const DataType& type) {
  unsupported("a cast from " + value.type.to_string() + " to " + type.to_string());
}

// How Spark's text of a number must look after its spaces are gone.
std::string number_pattern(const DataType& type) {
  if (is_integral(type)) return R"([+-]?[0-9]+)";
  if (type.kind() == TypeKind::kDecimal) return R"([+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+))";
  return R"((?i)[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)(e[+-]?[0-9]+)?|nan|[+-]?inf(inity)?)";
}

std::string matches_wholly(const std::string& sql, const std::string& pattern) {
  return "regexp_full_match(" + sql + ", " + quote_string(pattern) + ")";
}

std::string parsed_boolean(const std::string& sql) {
  const std::string text = "lower(trim(" + sql + ", ' '))";
  return "CASE WHEN " + text + " IN ('t', 'true', 'y', 'yes', '1') THEN TRUE WHEN " + text +
         " IN ('f', 'false', 'n', 'no', '0') THEN FALSE WHEN " + text +
         " IS NULL THEN NULL ELSE error('the text is not a truth value') END";
}

TypedSql from_string(const TypedSql& value, const DataType& type) {
  TypedSql result{.sql = "", .type = type, .may_fail = true};
  const std::string text = "trim(" + value.sql + ", ' ')";
  if (is_numeric(type)) {
    result.sql = guarded_sql(matches_wholly(text, number_pattern(type)), cast_sql(text, type),
                             "the text is not a number");
  } else if (type.kind() == TypeKind::kDate) {
    result.sql = guarded_sql(matches_wholly(text, "[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}"),
                             cast_sql(text, type), "the text is not a date of the form 2024-02-29");
  } else if (type.kind() == TypeKind::kBoolean) {
    result.sql = parsed_boolean(value.sql);
  } else if (type.kind() == TypeKind::kBinary) {
    result.sql = "encode(" + value.sql + ")";
    result.may_fail = value.may_fail;
  } else {
    no_cast(value, type);
  }
  return result;
}

TypedSql to_string(const TypedSql& value) {
  TypedSql result{
      .sql = cast_sql(value.sql, string_type()), .type = string_type(), .may_fail = value.may_fail};
  const DataType& type = value.type;
  if (is_integral(type) || type.kind() == TypeKind::kBoolean) return result;
  if (type.kind() == TypeKind::kDecimal && type.scale() <= kPlainScale) return result;
  if (type.kind() == TypeKind::kDate) {
    result.sql = guarded_sql("year(" + value.sql + ") BETWEEN 1 AND 9999", result.sql,
                             "the date is too far away to be written");
    result.may_fail = true;
    return result;
  }
  no_cast(value, string_type());
}

TypedSql to_number(const TypedSql& value, const DataType& type) {
  const TypeKind from = value.type.kind();
  TypedSql result{.sql = cast_sql(value.sql, type), .type = type, .may_fail = true};
  if (from == TypeKind::kBoolean) return result;
  if (!is_numeric(value.type)) no_cast(value, type);
  const bool from_floating = from == TypeKind::kFloat || from == TypeKind::kDouble;
  // Their decimal digits are rounded in two ways.
  if (from_floating && type.kind() == TypeKind::kDecimal) no_cast(value, type);
  // Spark cuts off, DuckDB rounds.
  if (is_integral(type) && (from_floating || from == TypeKind::kDecimal)) {
    result.sql = cast_sql("trunc(" + value.sql + ")", type);
  }
  return result;
}

TypedSql to_boolean(const TypedSql& value) {
  if (!is_integral(value.type)) no_cast(value, boolean_type());
  return {.sql = "(" + value.sql + " <> 0)", .type = boolean_type(), .may_fail = value.may_fail};
}

TypedSql to_temporal(const TypedSql& value, const DataType& type) {
  if (!is_temporal(value.type)) no_cast(value, type);
  TypedSql result{.sql = value.sql, .type = type, .may_fail = value.may_fail};
  // UTC, whatever zone the session is in.
  if (value.type.kind() == TypeKind::kTimestamp) {
    result.sql = "make_timestamp(epoch_us(" + value.sql + "))";
  }
  if (type.kind() == TypeKind::kDate) {
    result.sql = cast_sql(result.sql, type);
    return result;
  }
  if (value.type.kind() == TypeKind::kDate) result.sql = "CAST(" + result.sql + " AS TIMESTAMP)";
  if (type.kind() == TypeKind::kTimestamp) result.sql = "timezone('UTC', " + result.sql + ")";
  return result;
}

}  // namespace

DataType named_type(const std::string& name, const std::vector<int>& parameters) {
  static const std::map<std::string, TypeKind> names = {{"boolean", TypeKind::kBoolean},
                                                        {"tinyint", TypeKind::kByte},
                                                        {"byte", TypeKind::kByte},
                                                        {"smallint", TypeKind::kShort},
                                                        {"short", TypeKind::kShort},
                                                        {"int", TypeKind::kInteger},
                                                        {"integer", TypeKind::kInteger},
                                                        {"bigint", TypeKind::kLong},
                                                        {"long", TypeKind::kLong},
                                                        {"float", TypeKind::kFloat},
                                                        {"real", TypeKind::kFloat},
                                                        {"double", TypeKind::kDouble},
                                                        {"string", TypeKind::kString},
                                                        {"date", TypeKind::kDate},
                                                        {"timestamp", TypeKind::kTimestamp},
                                                        {"timestamp_ltz", TypeKind::kTimestamp},
                                                        {"timestamp_ntz", TypeKind::kTimestampNtz},
                                                        {"binary", TypeKind::kBinary}};
  if (name == "decimal" || name == "dec" || name == "numeric") {
    constexpr int kDefaultPrecision = 10;
    const int precision = parameters.empty() ? kDefaultPrecision : parameters[0];
    const int scale = parameters.size() < 2 ? 0 : parameters[1];
    if (parameters.size() <= 2 && precision >= 1 && precision <= kMaxPrecision && scale >= 0 &&
        scale <= precision) {
      return DataType::decimal(precision, scale);
    }
  }
  const auto known = names.find(name);
  if (known == names.end() || !parameters.empty()) {
    unsupported("a cast to the type '" + name + "'");
  }
  return DataType::primitive(known->second);
}

TypedSql cast(const TypedSql& value, const DataType& type) {
  if (value.type == type) return value;
  if (is_void(value.type)) {
    return {.sql = cast_sql("NULL", type), .type = type, .may_fail = value.may_fail};
  }
  if (is_string(value.type)) return from_string(value, type);
  if (is_string(type)) return to_string(value);
  if (is_numeric(type)) return to_number(value, type);
  if (type.kind() == TypeKind::kBoolean) return to_boolean(value);
  if (is_temporal(type)) return to_temporal(value, type);
  no_cast(value, type);
}

}  // namespace duck::spark
