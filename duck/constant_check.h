// Finding what fails for every row before there is a row.
#pragma once

#include <string>
#include <vector>

#include "delta/value.h"
#include "duck/database.h"

namespace duck {

// Computes the parts of a query's expressions that no column enters, such as a text that is
// compared with numbers and has to be read as one, and looks for casts between types that DuckDB
// has no cast for, which fail for every value. Parts that a run may never come to, such as the
// branch of a CASE, are left out. Throws what they throw.
void check_constants(Connection& connection, const std::string& sql,
                     const std::vector<delta::Value>& parameters);

}  // namespace duck
