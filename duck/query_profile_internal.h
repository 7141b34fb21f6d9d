// Measuring the statements of one connection.
#pragma once

#include <duckdb.hpp>

#include "duck/query_profile.h"

namespace duck {

// Switches DuckDB's profiler for this connection, without any output of its own.
void set_profiling(duckdb::ClientContext& context, bool on);

// The profile of the last statement that ran with profiling on; empty when there was none.
QueryProfile last_profile(duckdb::ClientContext& context);

}  // namespace duck
