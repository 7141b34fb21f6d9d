// Delta's values and DuckDB's.
#pragma once

#include <duckdb.hpp>

#include "delta/value.h"

namespace duck {

// Null is an untyped NULL.
duckdb::Value to_duckdb(const delta::Value& value);

// As `type` needs it: the same, cast to the column's type (long to byte, double to float).
duckdb::Value to_duckdb(const delta::Value& value, const duckdb::LogicalType& type);

// Types without a counterpart (nested values, intervals, …) come as text.
delta::Value to_delta(const duckdb::Value& value);

}  // namespace duck
