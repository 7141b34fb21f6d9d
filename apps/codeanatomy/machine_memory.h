// How much memory there is to work with.
#pragma once

#include <cstdint>
#include <filesystem>

namespace apps {

// Bytes that this process may use: those of the machine, or of the container that it runs in, by
// the control group that `control_groups` shows (version 2 or 1).
std::int64_t machine_memory(const std::filesystem::path& control_groups = "/sys/fs/cgroup");

}  // namespace apps
