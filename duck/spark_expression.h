// Expressions in Spark's SQL, which tables hold in their metadata, as DuckDB's SQL.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "delta/schema.h"

namespace duck {

struct SparkExpression {
  std::string sql;       // DuckDB's, over the columns by their quoted names
  delta::DataType type;  // that Spark gives it; kVoid for NULL
};

// Translates `text`, an expression over `columns`, with the meaning that it has for Spark with
// spark.sql.ansi.enabled in the session time zone UTC: a value that a cast or a sum cannot give
// and a division by zero are errors of the query. docs/delta.md lists what is translated; anything
// else, also where Spark's versions or modes differ, is base::Error DELTA_UNSUPPORTED_EXPRESSION
// with details expression, place (`place`, such as "the CHECK constraint 'positive'") and reason.
// With `type`, the value is cast to it as Spark casts. Thread-safe.
SparkExpression translate_spark_expression(
    std::string_view text, const delta::Schema& columns, const std::string& place,
    const std::optional<delta::DataType>& type = std::nullopt);

}  // namespace duck
