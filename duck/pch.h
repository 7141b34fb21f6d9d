// Precompiled for duck/ and its tests: DuckDB's headers cost about ten seconds a file.
#pragma once

#include <duckdb.hpp>
#include <duckdb/common/multi_file/multi_file_function.hpp>
#include <duckdb/common/multi_file/multi_file_list.hpp>
#include <duckdb/common/multi_file/multi_file_reader.hpp>
#include <duckdb/common/vector_operations/generic_executor.hpp>
#include <duckdb/function/function_set.hpp>
#include <duckdb/function/scalar_function.hpp>
#include <duckdb/function/table_function.hpp>
#include <duckdb/main/database.hpp>
#include <duckdb/main/extension/extension_loader.hpp>
#include <duckdb/main/query_profiler.hpp>
#include <duckdb/planner/expression/list.hpp>
#include <duckdb/planner/planner.hpp>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <parquet_reader.hpp>
#include <string>
#include <vector>
