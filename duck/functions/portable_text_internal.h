// Values as text, the way that the ids of existing tables were made; for duck/functions/ only.
#pragma once

#include <duckdb.hpp>
#include <duckdb/function/function_set.hpp>
#include <string>

namespace duck {

// portable_text(any) → VARCHAR: DuckDB's own cast, but floating point numbers as the shortest
// decimal that reads back (1.0, 1e16, NaN), timestamps in ISO 8601 with T, and the bytes of a
// BLOB as they are.
duckdb::ScalarFunctionSet portable_text_function();

// A bind callback: gives every argument declared ANY the type VARCHAR, through portable_text where
// DuckDB's cast prints differently.
duckdb::unique_ptr<duckdb::FunctionData> bind_text_arguments(
    duckdb::ClientContext& context, duckdb::ScalarFunction& function,
    duckdb::vector<duckdb::unique_ptr<duckdb::Expression>>& arguments);

std::string portable_text(double number);
std::string portable_text(float number);

}  // namespace duck
