#include "duck/connection.h"

#include <duckdb.hpp>

namespace duck {

std::string library_version() { return duckdb::DuckDB::LibraryVersion(); }

}  // namespace duck
