// Casts that DuckDB binds without having them.
#pragma once

#include <duckdb/planner/expression/bound_cast_expression.hpp>

namespace duck {

// Whether the cast fails for every value that is not NULL: DuckDB has none between the two types,
// or between two of their elements or fields, and says so only once it meets a value. Keys and
// values of maps are not looked at. TRY_CAST never fails.
bool is_missing_cast(const duckdb::BoundCastExpression& cast);

}  // namespace duck
