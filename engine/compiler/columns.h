// The columns of a relation, looked up the two ways that names are compared.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "duck/database.h"

namespace engine {

using Columns = std::vector<duck::ResultColumn>;

// Null when there is none. Specs are case-sensitive, DuckDB and Delta are not: a name must be
// spelled as the column is, and no relation may have two columns that differ in case alone.
const duck::ResultColumn* find_column(const Columns& columns, std::string_view name);
const duck::ResultColumn* find_but_for_case(const Columns& columns, std::string_view name);

// "a, b, c", at most a dozen, for messages.
std::string list_of_names(const Columns& columns);

}  // namespace engine
