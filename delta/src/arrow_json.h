// Statistics that a checkpoint holds as columns (`stats_parsed`), as the text that commits hold:
// PROTOCOL.md, "Per-file Statistics".
#pragma once

#include <cstdint>
#include <string>

#include "delta/src/arrow_column.h"

namespace delta {

// Appends a value as JSON: structs as objects without the members that are null, dates and
// timestamps as ISO text, decimals and integers as exact numbers. What JSON cannot say (NaN,
// binary, lists) is null. Throws std::invalid_argument like ArrowColumn.
void append_json(const ArrowColumn& column, std::int64_t row, std::string& out);

}  // namespace delta
