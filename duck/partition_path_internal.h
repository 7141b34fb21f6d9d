// The names of partition folders and of data files in a table's log.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace duck {

// "name=value" as the name of a folder: characters that file systems or other tools treat
// specially are written as %XX, null is __HIVE_DEFAULT_PARTITION__, and what would be too long for
// a file name ends in a hash. Readers take values from the log, never from here.
std::string partition_folder(std::string_view name, const std::optional<std::string>& value);

// A relative path as the log's `path`: percent-encoded.
std::string log_path(std::string_view relative_path);

}  // namespace duck
