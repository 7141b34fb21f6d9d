// Faults on their way through DuckDB: base::Error goes in, travels as a DuckDB exception, and
// comes out as it was; DuckDB's own faults come out as base::Error.
#pragma once

#include <duckdb.hpp>
#include <utility>

#include "base/error.h"

namespace duck {

// Where a DuckDB fault came up: while a statement was parsed and bound, or while it ran.
enum class Phase { kBind, kRun };

// The project's error for a DuckDB fault: INTERRUPTED, OUT_OF_MEMORY, DISK_FULL, SQL_INVALID
// (kBind), QUERY_FAILED (kRun), or the base::Error that was put in by `carried_by_duckdb`. The
// message is the first line of DuckDB's; details["engine_error"] names DuckDB's kind of error.
base::Error from_duckdb(const duckdb::ErrorData& error, Phase phase);

// The exception that carries `error` through DuckDB.
duckdb::Exception carried_by_duckdb(const base::Error& error);

// Calls `body`, which DuckDB called; a base::Error leaves as an exception that DuckDB carries.
template <typename Body>
auto inside_duckdb(Body&& body) -> decltype(std::forward<Body>(body)()) {
  try {
    return std::forward<Body>(body)();
  } catch (const base::Error& error) {
    throw carried_by_duckdb(error);
  }
}

// Calls `body`, which calls DuckDB; what DuckDB throws leaves as base::Error.
template <typename Body>
auto outside_duckdb(Phase phase, Body&& body) -> decltype(std::forward<Body>(body)()) {
  try {
    return std::forward<Body>(body)();
  } catch (const base::Error&) {
    throw;
  } catch (const std::exception& error) {
    throw from_duckdb(duckdb::ErrorData(error), phase);
  }
}

}  // namespace duck
