// How large a table's data files are meant to be.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "delta/actions.h"

namespace delta {

// Bytes of "104857600", "100mb", "1g": units are powers of 1024, in any case. Nothing for a text
// that is no size above 0.
std::optional<std::int64_t> parse_file_size(std::string text);

// What the table property delta.targetFileSize says, in bytes. Throws base::Error
// DELTA_PROPERTY_INVALID when that is no size.
std::optional<std::int64_t> target_file_size(const Metadata& metadata);

}  // namespace delta
