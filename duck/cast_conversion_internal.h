// Casts of columns in conditions, as delta::prune_files takes them.
#pragma once

#include <duckdb.hpp>

#include "delta/predicate.h"

namespace duck {

// What a cast makes of a value. It refers to `context`, whose settings it depends on.
delta::Predicate::Conversion cast_conversion(duckdb::ClientContext& context,
                                             const duckdb::LogicalType& from,
                                             const duckdb::LogicalType& to);

// `second` after `first`.
delta::Predicate::Conversion composed(delta::Predicate::Conversion first,
                                      delta::Predicate::Conversion second);

}  // namespace duck
