#include <map>
#include <optional>

#include "base/ascii.h"
#include "duck/spark/casts.h"
#include "duck/spark/functions.h"
#include "duck/spark/text_patterns.h"
#include "duck/spark/unsupported.h"
#include "duck/sql_text.h"

namespace duck::spark {
namespace {

using delta::DataType;
using delta::TypeKind;

DataType local_type() { return DataType::primitive(TypeKind::kTimestampNtz); }

void take_time(const std::string& name, const Operands& operands) {
  if (!is_temporal(operands[0].type)) wrong_operands(name, operands);
}

TypedSql take_date(const std::string& name, const Operands& operands) {
  take_time(name, operands);
  return cast(operands[0], date_type());
}

// A field of a date or a timestamp, as an INT.
TypedSql field(const std::string& name, Operands operands) {
  take_time(name, operands);
  static const std::map<std::string, std::string> fields = {
      {"year", "year"},       {"quarter", "quarter"},     {"month", "month"},
      {"day", "day"},         {"dayofmonth", "day"},      {"dayofyear", "dayofyear"},
      {"weekofyear", "week"}, {"week", "week"},           {"hour", "hour"},
      {"minute", "minute"},   {"dayofweek", "dayofweek"}, {"weekday", "isodow"}};
  const std::string& part = fields.at(name);
  std::string sql =
      "date_part(" + quote_string(part) + ", " + cast(operands[0], local_type()).sql + ")";
  if (name == "dayofweek") sql = "(" + sql + " + 1)";  // Sunday is 1, for DuckDB 0
  if (name == "weekday") sql = "(" + sql + " - 1)";    // Monday is 0, for DuckDB 1
  return {.sql = cast_sql(sql, integer_type()),
          .type = integer_type(),
          .may_fail = operands[0].may_fail};
}

TypedSql second(const std::string& name, Operands operands) {
  take_time(name, operands);
  const std::string time = cast(operands[0], local_type()).sql;
  return {.sql = cast_sql("date_part('second', " + time + ")", integer_type()),
          .type = integer_type(),
          .may_fail = operands[0].may_fail};
}

TypedSql to_date(const std::string& name, Operands operands) {
  if (!is_temporal(operands[0].type) && !is_string(operands[0].type)) {
    wrong_operands(name, operands);
  }
  return cast(operands[0], date_type());
}

std::optional<std::string> unit_of(const TypedSql& operand) {
  static const std::map<std::string, std::string> units = {
      {"year", "year"},     {"yyyy", "year"},
      {"yy", "year"},       {"quarter", "quarter"},
      {"month", "month"},   {"mon", "month"},
      {"mm", "month"},      {"week", "week"},
      {"day", "day"},       {"dd", "day"},
      {"hour", "hour"},     {"minute", "minute"},
      {"second", "second"}, {"millisecond", "milliseconds"}};
  if (!operand.literal) return std::nullopt;
  const auto unit = units.find(base::lower_case(*operand.literal));
  return unit == units.end() ? std::nullopt : std::optional(unit->second);
}

// date_trunc('MONTH', time)
TypedSql truncate_time(const std::string& name, Operands operands) {
  const auto unit = unit_of(operands[0]);
  if (!unit || !is_temporal(operands[1].type)) wrong_operands(name, operands);
  // Spark makes a date a timestamp.
  const bool local = operands[1].type.kind() == TypeKind::kTimestampNtz;
  const TypedSql time = cast(operands[1], local_type());
  const TypedSql result{.sql = "date_trunc(" + quote_string(*unit) + ", " + time.sql + ")",
                        .type = local_type(),
                        .may_fail = time.may_fail};
  return local ? result : cast(result, timestamp_type());
}

// trunc(date, 'MONTH')
TypedSql truncate_date(const std::string& name, Operands operands) {
  const auto unit = unit_of(operands[1]);
  const bool of_days = unit == "year" || unit == "quarter" || unit == "month" || unit == "week";
  if (!of_days) wrong_operands(name, operands);
  const TypedSql date = take_date(name, operands);
  return {.sql = cast_sql("date_trunc(" + quote_string(*unit) + ", " + date.sql + ")", date_type()),
          .type = date_type(),
          .may_fail = date.may_fail};
}

TypedSql format(const std::string& name, Operands operands) {
  take_time(name, operands);
  if (!operands[1].literal) unsupported(name + " with a pattern that is not a literal");
  const std::string time = cast(operands[0], local_type()).sql;
  const std::string pattern = strftime_pattern(*operands[1].literal);
  return {.sql = "(" +
                 guarded_sql("year(" + time + ") BETWEEN 1 AND 9999",
                             "strftime(" + time + ", " + quote_string(pattern) + ")",
                             "the date is too far away to be written") +
                 ")",
          .type = string_type(),
          .may_fail = true};
}

TypedSql shift(const std::string& name, Operands operands) {
  const TypedSql date = take_date(name, operands);
  const bool short_days =
      is_integral(operands[1].type) && operands[1].type.kind() != TypeKind::kLong;
  if (!short_days) wrong_operands(name, operands);
  const std::string days = cast_sql(operands[1].sql, integer_type());
  return {.sql = "(" + date.sql + (name == "date_sub" ? " - " : " + ") + days + ")",
          .type = date_type(),
          .may_fail = true};
}

TypedSql add_months(const std::string& name, Operands operands) {
  const TypedSql date = take_date(name, operands);
  const std::string months = std::to_string(literal_integer(name, operands[1]));
  return {.sql = cast_sql("(" + date.sql + " + to_months(" + months + "))", date_type()),
          .type = date_type(),
          .may_fail = true};
}

TypedSql difference(const std::string& name, Operands operands) {
  const TypedSql end = take_date(name, operands);
  const TypedSql start = take_date(name, {operands[1]});
  return {.sql = cast_sql("(" + end.sql + " - " + start.sql + ")", integer_type()),
          .type = integer_type(),
          .may_fail = true};
}

TypedSql last_day(const std::string& name, const Operands& operands) {
  const TypedSql date = take_date(name, operands);
  return {.sql = "last_day(" + date.sql + ")", .type = date_type(), .may_fail = date.may_fail};
}

TypedSql now(const std::string&, const Operands&) {
  return {.sql = "now()", .type = timestamp_type()};
}

TypedSql today(const std::string&, const Operands&) {
  return cast({.sql = "now()", .type = timestamp_type()}, date_type());
}

}  // namespace

const Functions& date_functions() {
  static const Functions functions = {
      {"year", {1, 1, field}},
      {"quarter", {1, 1, field}},
      {"month", {1, 1, field}},
      {"day", {1, 1, field}},
      {"dayofmonth", {1, 1, field}},
      {"dayofyear", {1, 1, field}},
      {"dayofweek", {1, 1, field}},
      {"weekday", {1, 1, field}},
      {"weekofyear", {1, 1, field}},
      {"week", {1, 1, field}},
      {"hour", {1, 1, field}},
      {"minute", {1, 1, field}},
      {"second", {1, 1, second}},
      {"to_date", {1, 1, to_date}},
      {"date", {1, 1, to_date}},
      {"date_trunc", {2, 2, truncate_time}},
      {"trunc", {2, 2, truncate_date}},
      {"date_format", {2, 2, format}},
      {"date_add", {2, 2, shift}},
      {"dateadd", {2, 2, shift}},
      {"date_sub", {2, 2, shift}},
      {"add_months", {2, 2, add_months}},
      {"datediff", {2, 2, difference}},
      {"date_diff", {2, 2, difference}},
      {"last_day", {1, 1, last_day}},
      {"now", {0, 0, now}},
      {"current_timestamp", {0, 0, now}},
      {"current_date", {0, 0, today}},
      {"curdate", {0, 0, today}},
  };
  return functions;
}

}  // namespace duck::spark
