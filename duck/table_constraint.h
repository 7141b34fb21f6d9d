// The CHECK constraints of a table: PROTOCOL.md, "CHECK Constraints".
#pragma once

#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>

#include "duck/database.h"

namespace duck {

struct TableConstraintOptions {
  std::string location;
  // Letters, digits and '_'; the same whatever the case, as in Spark.
  std::string name;
  std::stop_token stop = {};
  // How often what concurrent commits came before is tried again.
  int max_retries = 15;
};

// Adds the constraint once every row of the table has been found to meet it, which is when the
// expression is true, not when it is NULL. The version committed, or nothing when the table has
// this very constraint already. A commit that adds rows meanwhile has its rows checked, too.
//
// The expression is in Spark's SQL, for all who write to the table are to understand it.
//
// Errors: DELTA_CONSTRAINT_VIOLATED (details constraint, violations, example),
// DELTA_CONSTRAINT_EXISTS when another expression has the name, USAGE for a name that is none and
// for an expression that is no condition, DELTA_UNSUPPORTED_EXPRESSION (see spark_expression.h);
// those of delta::Snapshot::load and delta::Transaction.
std::optional<std::int64_t> add_constraint(Database& database, const std::string& expression,
                                           const TableConstraintOptions& options);

// Drops the constraint; the version committed. DELTA_CONSTRAINT_NOT_FOUND (details path, name) when
// there is none.
std::int64_t drop_constraint(Database& database, const TableConstraintOptions& options);

}  // namespace duck
