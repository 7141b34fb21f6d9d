// SQL over the columns of one row, bound.
#pragma once

#include <duckdb.hpp>
#include <duckdb/planner/expression.hpp>
#include <string>

#include "delta/schema.h"

namespace duck {

// `sql` over the columns of `schema`, cast to `type` unless that is INVALID: a
// BoundReferenceExpression stands for the column of its index. Needs an active transaction; throws
// what DuckDB throws, also for subqueries and aggregates.
duckdb::unique_ptr<duckdb::Expression> bind_over_row(duckdb::ClientContext& context,
                                                     const std::string& sql,
                                                     const delta::Schema& schema,
                                                     const duckdb::LogicalType& type);

}  // namespace duck
