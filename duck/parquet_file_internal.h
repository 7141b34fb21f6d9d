// A Parquet file made from Arrow batches, on DuckDB's Parquet writer.
#pragma once

#include <duckdb.hpp>
#include <memory>
#include <string>

#include "delta/parquet_engine.h"

namespace duck {

// Begins the file. On the local file system it grows under a temporary name in its folder; in an
// object store it comes to be when its upload is completed.
std::unique_ptr<delta::ParquetFile> begin_parquet_file(duckdb::DatabaseInstance& database,
                                                       const std::string& path,
                                                       const delta::Schema& columns);

}  // namespace duck
