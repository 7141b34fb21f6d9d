// Files and folders that outlive a power failure, on the local file system.
#pragma once

#include <filesystem>
#include <string>

#include "base/error.h"

namespace duck {

// That the system refused to do `what` ("sync", "create") to the file or folder: DISK_FULL or
// DATA_FILE_FAILED, with details["path"]. The functions below throw it.
base::Error file_error(base::Stage stage, const std::string& what,
                       const std::filesystem::path& path, int error_number);

// What was written to the file is on the disk from then on; so is what was made or removed in the
// folder, or anything written to the file system that the folder is on. `stage` is a failure's.
void sync_file(const std::filesystem::path& file, base::Stage stage);
void sync_folder(const std::filesystem::path& folder, base::Stage stage);
void sync_file_system_of(const std::filesystem::path& folder, base::Stage stage);

// Makes the folder and those above it, and syncs the folders that they are in. Stage::kRuntime.
void make_durable_folders(const std::filesystem::path& folder);

// Syncs the finished file, renames it, replacing a file that is there, and syncs its folder.
// Stage::kRuntime.
void rename_durably(const std::filesystem::path& from, const std::filesystem::path& to);

}  // namespace duck
