#include "apps/codeanatomy/machine_memory.h"

#include <unistd.h>

#include <algorithm>
#include <fstream>

namespace apps {

std::int64_t machine_memory(const std::filesystem::path& control_groups) {
  std::int64_t bytes = std::int64_t{sysconf(_SC_PHYS_PAGES)} * sysconf(_SC_PAGE_SIZE);
  for (const char* file : {"memory.max", "memory/memory.limit_in_bytes"}) {
    std::ifstream limit(control_groups / file);
    // Without a limit the file says "max", or a number beyond any machine.
    if (std::int64_t number = 0; limit >> number && number > 0) bytes = std::min(bytes, number);
  }
  return bytes;
}

}  // namespace apps
