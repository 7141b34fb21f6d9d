// How rows fit into a table that is there already.
#pragma once

#include <optional>
#include <string>

#include "delta/schema.h"

namespace duck {

struct AppendObstacle {
  std::string column;  // as who names it spells it: the table if it has one, else the rows
  std::string reason;  // "the table has no column 'b'"
};

// Why rows of `rows` cannot be appended to a table of `table`; nothing when they can. Columns go by
// name, case-insensitively; each must be in the table with the same type or one that every value
// fits into (a longer integer or float, a decimal with more digits). Columns that only the table
// has must be nullable, or have values of their own (table_rules.h).
std::optional<AppendObstacle> append_obstacle(const delta::Schema& table,
                                              const delta::Schema& rows);

}  // namespace duck
