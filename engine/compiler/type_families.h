// Which DuckDB types go together.
#pragma once

#include <string_view>

namespace engine {

// Whether values of one DuckDB type can at least be tried to be cast to another; both as DuckDB
// prints them.
bool castable(std::string_view from, std::string_view to);

// Whether both types are of one sort, so that a type for the values of both makes sense: numbers,
// dates and timestamps, lists of what goes together, ….
bool goes_with(std::string_view left, std::string_view right);

}  // namespace engine
