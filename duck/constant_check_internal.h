// Finding what fails for every row before there is a row.
#pragma once

#include <duckdb/main/client_context.hpp>
#include <duckdb/planner/logical_operator.hpp>

namespace duck {

// Computes the parts of a bound plan's expressions that no column enters, and lets what they throw
// pass. Parts that a run may never come to, such as the branch of a CASE, are left out.
void check_constants(duckdb::ClientContext& context, duckdb::LogicalOperator& plan);

}  // namespace duck
