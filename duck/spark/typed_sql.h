// DuckDB's SQL for a part of an expression, with the type that Spark gives the part.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "delta/schema.h"

namespace duck::spark {

struct TypedSql {
  std::string sql;  // may stand anywhere: in brackets where needed
  delta::DataType type;
  // Whether some rows may fail it, such as by an overflow: then it is not computed where Spark
  // would not.
  bool may_fail = false;
  // Of a literal that is a string or a number: its text.
  std::optional<std::string> literal = std::nullopt;
};

// The most digits that a decimal may have.
constexpr int kMaxPrecision = 38;

using Operands = std::vector<TypedSql>;

delta::DataType boolean_type();
delta::DataType string_type();
delta::DataType integer_type();
delta::DataType long_type();
delta::DataType double_type();
delta::DataType date_type();
delta::DataType timestamp_type();

bool is_integral(const delta::DataType& type);
bool is_numeric(const delta::DataType& type);
bool is_string(const delta::DataType& type);
// A date, a timestamp or a timestamp without a zone.
bool is_temporal(const delta::DataType& type);
bool is_void(const delta::DataType& type);

// The name of a type without parts in DuckDB's SQL; refused for others.
std::string duckdb_type(const delta::DataType& type);

// "CAST(sql AS type)"
std::string cast_sql(const std::string& sql, const delta::DataType& type);

// "CASE WHEN condition THEN sql ELSE error('message') END": computed where the condition is true
// or null, an error elsewhere.
std::string guarded_sql(const std::string& condition, const std::string& sql,
                        const std::string& message);

bool any_may_fail(const Operands& operands);

}  // namespace duck::spark
