// collect_sorted(rows, keys := […], list := 'name' [, least := […]]): one row a key over rows that
// come sorted by key, as a table function. `rows` is a query in parentheses that ends with
// ORDER BY, its first columns being `keys`, ascending, nulls last:
//
//   FROM collect_sorted((SELECT node, id, kind FROM edges ORDER BY ALL), keys := ['node'],
//                       list := 'edges')
//
// gives what `SELECT node, list({id, kind} ORDER BY …) AS edges … GROUP BY node ORDER BY node`
// would, in that order: the keys, of each column of `least` the smallest value that is not null,
// and a list of structures of all other columns, in the order in which they came. It holds one
// group at a time, where DuckDB's hash aggregate holds all of them.
//
// Rows that are not sorted are an error, never a group in two parts.
#pragma once

namespace duckdb {
class ExtensionLoader;
}

namespace duck {

// Adds the function to the database of `loader`.
void add_collect_sorted(duckdb::ExtensionLoader& loader);

}  // namespace duck
