// A query's columns turned into those of a table, as its rules say.
#pragma once

#include <duckdb.hpp>
#include <string>

#include "delta/schema.h"
#include "duck/row_rules.h"

namespace duck {

using Expressions = duckdb::vector<duckdb::unique_ptr<duckdb::Expression>>;

// The table's columns, with its types and names, over the query's `columns` (whose aliases are
// their names), followed by one boolean a check. Throws base::Error DELTA_SCHEMA_MISMATCH naming
// `location` when the columns do not fit, SQL_INVALID for a rule that does not bind.
Expressions project_rows(duckdb::ClientContext& context, const std::string& location,
                         const delta::Schema& schema, const RowRules& rules, Expressions columns);

}  // namespace duck
