// Reading an open file of the operating system.
#pragma once

#include <cstdint>
#include <string>

namespace delta {

// The `size` bytes from `offset` on; fewer where the file ends before. `path` is for the error:
// DELTA_STORE_<what>.
std::string read_at(int descriptor, std::int64_t offset, std::int64_t size,
                    const std::string& path);

// The whole file, from where it is read at. `expected_size` spares copies when it is the file's.
std::string read_to_end(int descriptor, std::size_t expected_size, const std::string& path);

}  // namespace delta
