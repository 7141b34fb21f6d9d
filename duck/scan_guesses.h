// What is taken for true of data files that are not yet open.
#pragma once

#include <cstdint>

namespace duck {

// One file that small is read by one thread.
inline constexpr std::int64_t kSmallFileBytes = 4 << 20;

// Of files of which the log does not tell the number of rows.
inline constexpr std::int64_t kBytesPerRow = 32;

}  // namespace duck
