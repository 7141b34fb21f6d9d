// Precompiled for duck/ and its tests: DuckDB's headers cost about ten seconds a file.
#pragma once

#include <duckdb.hpp>
#include <duckdb/common/multi_file/multi_file_function.hpp>
#include <duckdb/common/multi_file/multi_file_list.hpp>
#include <duckdb/common/multi_file/multi_file_reader.hpp>
#include <duckdb/function/table_function.hpp>
#include <duckdb/main/extension_entries.hpp>
#include <duckdb/main/query_profiler.hpp>
#include <parquet_reader.hpp>
