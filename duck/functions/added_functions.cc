#include "duck/functions/added_functions.h"

#include <duckdb.hpp>

namespace duck {

void add_functions(duckdb::ExtensionLoader&) {}

std::vector<std::string> added_function_names() { return {}; }

}  // namespace duck
