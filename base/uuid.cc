#include "base/uuid.h"

#include <sys/random.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <cstring>

#include "base/error.h"
#include "base/hash.h"

namespace base {

std::string random_uuid() {
  std::array<std::uint8_t, 16> bytes;
  // At most 256 bytes come whole or not at all; a signal before the pool is filled interrupts.
  while (getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size())) {
    if (errno == EINTR) continue;
    throw Error(Stage::kRuntime, "RANDOM_UNAVAILABLE",
                std::string("the system gives no random bytes: ") + std::strerror(errno));
  }
  bytes[6] = static_cast<std::uint8_t>((bytes[6] & 0x0f) | 0x40);
  bytes[8] = static_cast<std::uint8_t>((bytes[8] & 0x3f) | 0x80);
  std::string uuid = to_hex(bytes);
  for (const std::size_t dash : {8, 13, 18, 23}) uuid.insert(dash, 1, '-');
  return uuid;
}

}  // namespace base
