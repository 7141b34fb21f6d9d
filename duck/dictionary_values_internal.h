// How many distinct values the columns of a row group have.
#pragma once

#include <duckdb.hpp>

namespace duck {

// The number of distinct values of that column which has most of them and still at most `most`:
// what a dictionary must hold for no such column to go without one. A column with up to twice
// `most` counts as one with `most`, since other row groups may have less; one with more has no
// dictionary anyway. Also `most` where columns have parts, which are not looked at. Good to a few
// percent.
duckdb::idx_t dictionary_values(const duckdb::ColumnDataCollection& rows, duckdb::idx_t most);

}  // namespace duck
