// Numbers as people read and write them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace base {

// "1,234,567"
std::string count_text(std::int64_t count);

// "1 input", "2,000 inputs"
std::string counted_text(std::int64_t count, std::string_view noun);

// "12.3 MiB", "845 B"
std::string size_text(std::int64_t bytes);

// "850 ms", "3.2 s", "2 min 05 s"
std::string duration_text(std::int64_t micros);

// "416,887 rows/s"; empty when the time is too short to tell.
std::string rate_text(std::int64_t count, std::int64_t micros, std::string_view noun);

// Bytes of "2GiB", "512MB", "1.5g", "4096": KB, MB, GB, TB are powers of 1000; K, M, G, T and KiB,
// MiB, GiB, TiB powers of 1024; case does not matter. Throws Error USAGE at
// Stage::kValidation.
std::int64_t parse_size(std::string_view text);

}  // namespace base
