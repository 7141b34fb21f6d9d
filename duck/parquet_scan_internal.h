// DuckDB's scan of Parquet files, to make others from.
#pragma once

#include <duckdb.hpp>
#include <duckdb/main/extension/extension_loader.hpp>

namespace duck {

// parquet_scan(path) without its options and without what only holds for plain Parquet files. Its
// reader of files must make DeltaFileReaders.
duckdb::TableFunction parquet_scan(duckdb::ExtensionLoader& loader);

}  // namespace duck
