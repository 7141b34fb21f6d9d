// The CRC-32 of zip and PNG: PROTOCOL.md, "Deletion Vector File Storage Format".
#pragma once

#include <cstdint>
#include <string_view>

namespace delta {

std::uint32_t crc32(std::string_view bytes);

}  // namespace delta
