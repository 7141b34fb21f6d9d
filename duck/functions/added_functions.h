// The SQL functions that this project adds to DuckDB: contract/functions.md, docs/functions.md.
#pragma once

#include <string>
#include <vector>

namespace duckdb {
class ExtensionLoader;
}

namespace duck {

// Adds all of them, aliases included, to the database of `loader`.
void add_functions(duckdb::ExtensionLoader& loader);

// Their names, aliases included, sorted.
std::vector<std::string> added_function_names();

}  // namespace duck
