// A condition on a table's rows, from the outside.
#pragma once

#include <string>

#include "delta/predicate.h"
#include "delta/schema.h"
#include "duck/database.h"

namespace duck {

// What the Delta library can understand of `condition`, DuckDB's SQL over the columns of `schema`,
// to tell which files may hold a row that meets it. Throws base::Error SQL_INVALID, also for one
// that is no BOOLEAN, or that chance decides, such as by random().
delta::Predicate row_predicate(Connection& connection, const delta::Schema& schema,
                               const std::string& condition);

}  // namespace duck
