// delta::ParquetEngine on DuckDB's Parquet reader and writer.
#pragma once

#include <duckdb.hpp>
#include <memory>

#include "delta/parquet_engine.h"

namespace duck {

// Works through connections of its own to `database`; it does not keep the database alive and
// throws DATABASE_CLOSED once that is gone.
std::shared_ptr<delta::ParquetEngine> make_parquet_engine(
    const duckdb::shared_ptr<duckdb::DatabaseInstance>& database);

}  // namespace duck
