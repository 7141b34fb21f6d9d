// Delta's types and DuckDB's.
#pragma once

#include <duckdb.hpp>
#include <optional>

#include "delta/schema.h"

namespace duck {

// What a variant is shown as, and stored as: struct<value:binary,metadata:binary>, in the order of
// PROTOCOL.md, "Variant data in Parquet", and of Spark's files.
delta::DataType variant_parts();

// The type that a column of a Delta table has in SQL.
duckdb::LogicalType to_duckdb(const delta::DataType& type);

// The Delta type that values of a DuckDB type are written as, the narrowest that holds them all;
// absent when there is none. Nested fields are nullable.
std::optional<delta::DataType> to_delta(const duckdb::LogicalType& type);

}  // namespace duck
