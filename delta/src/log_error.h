// Faults of a log, named by file and line.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/error.h"

namespace delta {

// Throws DELTA_LOG_CORRUPT: "log '<path>', line <line>: <what>".
[[noreturn]] void throw_log_corrupt(const std::string& path, std::optional<std::int64_t> line,
                                    const std::string& what);

// Whether a file of the log cannot be read for what is in it: DELTA_LOG_CORRUPT, or
// DELTA_STORE_CHECKSUM_MISMATCH.
bool is_broken_file(const base::Error& error);

// Throws DELTA_TABLE_REPLACED with the path of the table or of a file of its log.
[[noreturn]] void throw_table_replaced(const std::string& path, const std::string& what);

}  // namespace delta
