#include "duck/functions/portable_text_internal.h"

#include <charconv>
#include <cmath>
#include <duckdb.hpp>
#include <duckdb/common/types/timestamp.hpp>
#include <duckdb/common/vector_operations/unary_executor.hpp>
#include <duckdb/function/function_binder.hpp>

#include "base/time.h"
#include "duck/functions/functions_internal.h"

namespace duck {
namespace {

using duckdb::LogicalType;
using duckdb::LogicalTypeId;
using duckdb::string_t;
using duckdb::StringVector;
using duckdb::timestamp_t;
using duckdb::UnaryExecutor;

constexpr char kName[] = "portable_text";

// The decimal point of a number d.ddd × 10^exponent may stand in the digits or next to them for
// exponents from -5 (-6 for float) on, and up to 15 (12 for float); beyond, the form is 1.5e300.
template <typename Float>
std::string shortest_decimal(Float number, int least_exponent, int greatest_exponent) {
  if (std::isnan(number)) return "NaN";
  if (std::isinf(number)) return number < 0 ? "-inf" : "inf";
  if (number == 0) return std::signbit(number) ? "-0.0" : "0.0";

  char text[64];
  const auto end =
      std::to_chars(text, text + sizeof text, std::abs(number), std::chars_format::scientific).ptr;
  const std::string_view scientific(text, static_cast<std::size_t>(end - text));
  const std::size_t e = scientific.find('e');
  int exponent = 0;
  std::from_chars(text + e + (text[e + 1] == '+' ? 2 : 1), end, exponent);
  std::string digits(scientific.substr(0, e));
  std::erase(digits, '.');

  std::string result = number < 0 ? "-" : "";
  const auto integer_digits = static_cast<std::size_t>(exponent) + 1;
  if (exponent < least_exponent || exponent > greatest_exponent) {
    result += digits[0];
    if (digits.size() > 1) result += '.' + digits.substr(1);
    return result + 'e' + std::to_string(exponent);
  }
  if (exponent < 0) return result + "0." + std::string(-exponent - 1, '0') + digits;
  if (digits.size() <= integer_digits) {
    return result + digits + std::string(integer_digits - digits.size(), '0') + ".0";
  }
  return result + digits.substr(0, integer_digits) + '.' + digits.substr(integer_digits);
}

template <typename Number>
void print_numbers(duckdb::DataChunk& arguments, duckdb::ExpressionState&, duckdb::Vector& result) {
  UnaryExecutor::Execute<Number, string_t>(
      arguments.data[0], result, arguments.size(),
      [&](Number number) { return StringVector::AddString(result, portable_text(number)); });
}

template <bool WithZone>
void print_timestamps(duckdb::DataChunk& arguments, duckdb::ExpressionState&,
                      duckdb::Vector& result) {
  UnaryExecutor::Execute<timestamp_t, string_t>(
      arguments.data[0], result, arguments.size(), [&](timestamp_t time) {
        if (!duckdb::Timestamp::IsFinite(time)) {
          return StringVector::AddString(result, duckdb::Timestamp::ToString(time));
        }
        std::string text = base::to_rfc3339(time.value);
        if (!WithZone) text.pop_back();
        return StringVector::AddString(result, text);
      });
}

void print_bytes(duckdb::DataChunk& arguments, duckdb::ExpressionState&, duckdb::Vector& result) {
  UnaryExecutor::Execute<string_t, string_t>(
      arguments.data[0], result, arguments.size(), [&](string_t bytes) {
        if (!duckdb::Value::StringIsValid(bytes.GetData(), bytes.GetSize())) {
          throw duckdb::InvalidInputException("%s: a BLOB is not text, it is not valid UTF-8",
                                              kName);
        }
        return StringVector::AddString(result, bytes);
      });
}

void keep_text(duckdb::DataChunk& arguments, duckdb::ExpressionState&, duckdb::Vector& result) {
  result.Reference(arguments.data[0]);
}

bool needs_portable_text(const LogicalType& type) {
  switch (type.id()) {
    case LogicalTypeId::FLOAT:
    case LogicalTypeId::DOUBLE:
    case LogicalTypeId::TIMESTAMP:
    case LogicalTypeId::TIMESTAMP_SEC:
    case LogicalTypeId::TIMESTAMP_MS:
    case LogicalTypeId::TIMESTAMP_NS:
    case LogicalTypeId::TIMESTAMP_TZ:
    case LogicalTypeId::BLOB:
      return true;
    default:
      return false;
  }
}

}  // namespace

std::string portable_text(double number) { return shortest_decimal(number, -5, 15); }
std::string portable_text(float number) { return shortest_decimal(number, -6, 12); }

duckdb::ScalarFunctionSet portable_text_function() {
  duckdb::ScalarFunctionSet set(kName);
  const auto add = [&](const LogicalType& type, duckdb::scalar_function_t function) {
    set.AddFunction(duckdb::ScalarFunction({type}, LogicalType::VARCHAR, std::move(function)));
  };
  add(LogicalType::VARCHAR, keep_text);
  add(LogicalType::FLOAT, print_numbers<float>);
  add(LogicalType::DOUBLE, print_numbers<double>);
  add(LogicalType::TIMESTAMP, print_timestamps<false>);
  add(LogicalType::TIMESTAMP_TZ, print_timestamps<true>);
  add(LogicalType::BLOB, print_bytes);
  for (auto& function : set.functions) function.SetFallible();
  return set;
}

duckdb::unique_ptr<duckdb::FunctionData> bind_text_arguments(
    duckdb::ClientContext& context, duckdb::ScalarFunction& function,
    duckdb::vector<duckdb::unique_ptr<duckdb::Expression>>& arguments) {
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const LogicalType& type = arguments[i]->return_type;
    const bool any =
        i >= function.arguments.size() || function.arguments[i].id() == LogicalTypeId::ANY;
    if (!any || !needs_portable_text(type)) continue;
    duckdb::vector<duckdb::unique_ptr<duckdb::Expression>> children;
    children.push_back(std::move(arguments[i]));
    duckdb::ErrorData error;
    arguments[i] = duckdb::FunctionBinder(context).BindScalarFunction(DEFAULT_SCHEMA, kName,
                                                                      std::move(children), error);
    if (!arguments[i]) error.Throw();
  }
  for (LogicalType& type : function.arguments) {
    if (type.id() == LogicalTypeId::ANY) type = LogicalType::VARCHAR;
  }
  if (function.HasVarArgs()) function.varargs = LogicalType::VARCHAR;
  return nullptr;
}

}  // namespace duck
