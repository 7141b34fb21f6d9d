// How rows fit into a table that is there already.
#pragma once

#include <optional>
#include <string>

#include "delta/schema.h"

namespace duck {

struct AppendObstacle {
  // The column at top level, as who names it spells it: the table if it has one, else the rows.
  std::string column;
  std::string reason;  // "the table has no column 'a.element.b'"
};

// Why rows of `rows` cannot be appended to a table of `table`; nothing when they can. Columns, and
// fields of structs however deep, go by name, case-insensitively; each must be in the table with
// the same type or one that every value fits into (delta::holds_values_of). Those that only the
// table has must be nullable, or columns that have values of their own (table_rules.h). Places are
// told as paths, such as a.element.b.
std::optional<AppendObstacle> append_obstacle(const delta::Schema& table,
                                              const delta::Schema& rows);

}  // namespace duck
