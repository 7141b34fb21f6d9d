// What DuckDB knows about a scan's rows, as conditions that delta::prune_files understands.
#pragma once

#include <duckdb.hpp>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "delta/predicate.h"

namespace duck {

// A column or a part of one, by its logical name path.
using ColumnPath = std::vector<std::string>;

// Names the column that a reference in an expression stands for; nothing for anything that is
// not a column of the table.
using NameColumn = std::function<std::optional<ColumnPath>(const duckdb::Expression& reference)>;

// The condition that `expression` puts on rows. Parts that cannot be expressed are kUnknown. Casts
// refer to `context`.
delta::Predicate to_predicate(duckdb::ClientContext& context, const duckdb::Expression& expression,
                              const NameColumn& name_column);

// The condition that `filter` puts on `column`, as far as it is known now: a filter that a join
// or a top-n fills in while the query runs counts with its present value.
delta::Predicate to_predicate(duckdb::ClientContext& context, const duckdb::TableFilter& filter,
                              const ColumnPath& column);

}  // namespace duck
