// Files and folders that outlive a power failure, on the local file system.
#pragma once

#include <filesystem>

namespace duck {

// Each throws base::Error DISK_FULL or DATA_FILE_FAILED with details["path"].

// Makes the folder and those above it, and syncs the folders that they are in.
void make_durable_folders(const std::filesystem::path& folder);

// Syncs the finished file, renames it, replacing a file that is there, and syncs its folder.
void rename_durably(const std::filesystem::path& from, const std::filesystem::path& to);

}  // namespace duck
