// Values of identity columns, generated while the rows of a query stream into files.
#pragma once

#include <duckdb/main/extension/extension_loader.hpp>
#include <duckdb/parser/query_node.hpp>
#include <string>
#include <vector>

namespace duck {

// Adds the function by which the columns get their values to the database of `loader`.
void add_identity_function(duckdb::ExtensionLoader& loader);

// `query` with further columns of these names, those of the running CopyJob's rules.identities. In
// a query of their own, since whatever else is computed from a value must see the same one.
duckdb::unique_ptr<duckdb::QueryNode> with_identity_columns(
    duckdb::unique_ptr<duckdb::QueryNode> query, const std::vector<std::string>& columns);

}  // namespace duck
