// Nulls that a Parquet footer does not tell: it counts those of the values in arrays and maps,
// among them every empty array, not the rows that have no array. They are counted on the way to the
// file.
#pragma once

#include <cstdint>
#include <duckdb.hpp>
#include <string>
#include <vector>

#include "delta/schema.h"

namespace duck {

// A column of arrays or maps, at top level or in structs.
struct UncountedColumn {
  std::vector<std::string> path;         // physical names
  std::vector<duckdb::idx_t> positions;  // the column's in the rows, then those in the structs
};

// Those of `columns`, of which statistics are kept, in files that hold the columns `in_file`. Both
// have physical names.
std::vector<UncountedColumn> uncounted_columns(const delta::Schema& columns,
                                               const delta::Schema& in_file);

// How many rows are null in each of some columns, as they stand; empty: no rows yet.
using NullCounts = std::vector<std::int64_t>;

// Adds the nulls of `rows`. What lies in a null struct is null.
void count_nulls(duckdb::DataChunk& rows, const std::vector<UncountedColumn>& columns,
                 NullCounts& counts);

// Adds `more` to `counts`.
void add_counts(NullCounts& counts, const NullCounts& more);

}  // namespace duck
