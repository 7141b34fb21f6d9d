#include "engine/compiler/parameters.h"

#include <algorithm>

#include "duck/sql_text.h"
#include "engine/compiler/arrow_type.h"
#include "engine/compiler/calendar.h"
#include "engine/compiler/type_families.h"
#include "engine/spec/invalid_spec.h"
#include "engine/spec/json_document.h"

namespace engine {
namespace {

struct ValueOf {
  const std::string& path;

  BoundValue operator()(const std::string& text) const { return {text, "VARCHAR"}; }
  BoundValue operator()(std::int64_t number) const { return {number, "BIGINT"}; }
  BoundValue operator()(double number) const { return {number, "DOUBLE"}; }
  BoundValue operator()(bool boolean) const { return {boolean, "BOOLEAN"}; }

  BoundValue operator()(const DateValue& date) const {
    const auto value = parse_date(date.text);
    if (!value) throw_invalid_spec(path, in_quotes(date.text) + " is not a date, YYYY-MM-DD");
    return {*value, "DATE"};
  }

  BoundValue operator()(const TimestampValue& timestamp) const {
    const auto value = parse_timestamp(timestamp.text);
    if (!value) {
      throw_invalid_spec(path, in_quotes(timestamp.text) +
                                   " is not a timestamp, YYYY-MM-DDTHH:MM:SS[.f] without zone");
    }
    return {*value, "TIMESTAMP"};
  }

  BoundValue operator()(const NullValue& null) const {
    const auto type = duckdb_type_of_arrow(null.data_type);
    if (!type) {
      throw_invalid_spec(path + ".data_type", in_quotes(null.data_type) + " is not an Arrow type");
    }
    return {std::monostate(), *type};
  }
};

// Timestamps without zone meet columns with one as UTC.
void put_into_zone(BoundValue& value, const std::string& column_type) {
  const auto* timestamp = std::get_if<delta::TimestampNtz>(&value.value);
  if (timestamp == nullptr || column_type != "TIMESTAMP WITH TIME ZONE") return;
  value = {delta::Timestamp{timestamp->micros}, column_type};
}

// What can be compared without one side being read as something else.
bool comparable(const std::string& column_type, const std::string& value_type) {
  const bool is_text = column_type == "VARCHAR" || column_type.starts_with("ENUM(");
  return is_text == (value_type == "VARCHAR") && castable(value_type, column_type);
}

}  // namespace

Parameters::Parameters(const std::vector<TypedParameter>& parameters,
                       const std::map<std::string, Columns>& inputs) {
  add_positions(parameters);
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    if (!std::holds_alternative<FilterEq>(parameters[i].target)) continue;
    add_filter(parameters[i], "$.typed_parameters[" + std::to_string(i) + "]", inputs);
  }
}

void Parameters::add_positions(const std::vector<TypedParameter>& parameters) {
  const auto is_placeholder = [](const TypedParameter& parameter) {
    return std::holds_alternative<PlaceholderPos>(parameter.target);
  };
  positions_ = static_cast<std::uint32_t>(std::ranges::count_if(parameters, is_placeholder));
  values_.resize(positions_);
  std::vector<bool> filled(positions_);
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    if (!is_placeholder(parameters[i])) continue;
    const auto path = "$.typed_parameters[" + std::to_string(i) + "]";
    const auto place = std::get<PlaceholderPos>(parameters[i].target).position;
    if (place == 0 || place > positions_) {
      throw_invalid_spec(path + ".target.position",
                         "position " + std::to_string(place) + " leaves a gap: there are " +
                             std::to_string(positions_) +
                             " placeholders, and each position from 1 to that must be given");
    }
    if (filled[place - 1]) {
      throw_invalid_spec(path + ".target.position",
                         "position " + std::to_string(place) + " is given a value twice");
    }
    filled[place - 1] = true;
    const auto value_path = path + ".value.value";
    values_[place - 1] = std::visit(ValueOf{value_path}, parameters[i].value);
  }
}

void Parameters::add_filter(const TypedParameter& parameter, const std::string& path,
                            const std::map<std::string, Columns>& inputs) {
  const auto& filter = std::get<FilterEq>(parameter.target);
  if (filter.base_table) {
    const auto input = inputs.find(*filter.base_table);
    if (input == inputs.end()) {
      throw_invalid_spec(path + ".target.base_table",
                         "there is no input " + in_quotes(*filter.base_table));
    }
    const auto* column = find_column(input->second, filter.filter_column);
    if (column == nullptr) {
      throw_invalid_spec(path + ".target.filter_column",
                         "input " + in_quotes(*filter.base_table) + " has no column " +
                             in_quotes(filter.filter_column) + "; it has " +
                             list_of_names(input->second));
    }
    add_condition(input->first, *column, parameter, path);
    return;
  }
  bool is_anywhere = false;
  for (const auto& [input, columns] : inputs) {
    const auto* column = find_column(columns, filter.filter_column);
    if (column == nullptr) continue;
    is_anywhere = true;
    add_condition(input, *column, parameter, path);
  }
  if (!is_anywhere) {
    throw_invalid_spec(path + ".target.filter_column",
                       "no input has a column " + in_quotes(filter.filter_column));
  }
}

void Parameters::add_condition(const std::string& input, const duck::ResultColumn& column,
                               const TypedParameter& parameter, const std::string& path) {
  const auto name = duck::quote_identifier(column.name);
  const auto value_path = path + ".value.value";
  auto value = std::visit(ValueOf{value_path}, parameter.value);
  if (delta::is_null(value.value)) {
    filters_[input].push_back({.sql = name + " IS NULL"});
    return;
  }
  put_into_zone(value, column.duckdb_type);
  if (!comparable(column.duckdb_type, value.type)) {
    throw_invalid_spec(path + ".value", "column " + in_quotes(column.name) + " of input " +
                                            in_quotes(input) + " is " + column.duckdb_type +
                                            " and cannot be compared with a " + value.type +
                                            " value");
  }
  values_.push_back(std::move(value));
  const auto place = static_cast<std::uint32_t>(values_.size());
  filters_[input].push_back(
      {.sql = name + " = $" + std::to_string(place), .placeholders = {place}});
}

std::vector<Expression> Parameters::filters_of(const std::string& input) const {
  const auto found = filters_.find(input);
  return found == filters_.end() ? std::vector<Expression>() : found->second;
}

}  // namespace engine
