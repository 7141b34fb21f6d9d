// How rows fit into a table that is there already.
#pragma once

#include <string>
#include <vector>

#include "delta/schema.h"

namespace duck {

// Why rows of `rows` cannot be appended to a table of `table`; empty when they can. Columns go by
// name, case-insensitively; each must be in the table with the same type or one that every value
// fits into (a longer integer or float, a decimal with more digits). Columns that only the table
// has must be nullable.
std::string append_obstacle(const delta::Schema& table, const delta::Schema& rows);

// A query for the table's columns, in its order, over a query that gives `rows`: NULL for a
// column that the rows lack, sorted by `sorted_by` when there is any.
std::string append_query(const std::string& query, const delta::Schema& table,
                         const delta::Schema& rows, const std::vector<std::string>& sorted_by);

}  // namespace duck
