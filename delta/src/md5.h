// The MD5 digest (RFC 1321), which the checksum of _last_checkpoint is.
#pragma once

#include <string>
#include <string_view>

namespace delta {

// 32 lower-case hexadecimal digits.
std::string md5_hex(std::string_view bytes);

}  // namespace delta
