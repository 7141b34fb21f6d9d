// How much memory a test's own process has resident.
#pragma once

#include <cstdint>
#include <fstream>
#include <string>

namespace duck {

// A figure of this process in bytes, such as VmRSS; 0 where there is none.
inline std::int64_t resident_memory(const std::string& name) {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with(name + ":")) return std::stoll(line.substr(name.size() + 1)) << 10;
  }
  return 0;
}

// From now on VmHWM tells the most that is resident. False where the kernel does not tell it.
inline bool restart_resident_peak() {
  std::ofstream file("/proc/self/clear_refs");
  file << 5 << std::flush;
  return file.good();
}

}  // namespace duck
