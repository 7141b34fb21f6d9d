// Columns that a scan of a table has beside the table's own.
#pragma once

#include <string>

#include "delta/schema.h"

namespace duck {

// How a scan calls the hidden column `name`, such as file_index or _row_id: with underscores behind
// it, as long as the table has a column of that name, in any case, itself.
std::string hidden_column(const delta::Schema& schema, std::string name);

}  // namespace duck
