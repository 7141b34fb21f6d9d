// What a table's metadata demands of rows: PROTOCOL.md, "CHECK Constraints", "Column Invariants",
// "Generated Columns", "Default Columns", "Identity Columns"; and Spark's CHAR and VARCHAR.
#pragma once

#include <string>

#include "delta/actions.h"
#include "delta/schema.h"
#include "duck/row_rules.h"

namespace duck {

// The rules of the table at `location` for rows that give the columns of `rows`; their expressions
// are those of spark_expression.h. A generated column that the rows give must have the value that
// it would be given. Throws base::Error DELTA_UNSUPPORTED_EXPRESSION for what is not translated,
// DELTA_UNSUPPORTED_FEATURE for rules inside of nested columns, DELTA_IDENTITY_NOT_EXPLICIT for an
// identity column that the rows give and that allows no explicit values, DELTA_SCHEMA_INVALID for
// metadata that cannot be understood.
RowRules table_rules(const std::string& location, const delta::Schema& schema,
                     const delta::Metadata& metadata, const delta::Schema& rows);

// Whether a column has a value where rows lack it: a default, or one that is generated.
bool has_own_value(const delta::StructField& column);

}  // namespace duck
