// Files that a command reads and writes whole, and standard output.
#pragma once

#include <string>
#include <string_view>

namespace apps {

// base::Error FILE_NOT_READABLE at Stage::kValidation (details path).
std::string read_text_file(const std::string& path);

// Throws FILE_NOT_WRITABLE at Stage::kValidation when write_text_file(path, …) is bound to fail,
// so that a long run does not end without its result.
void check_writable(const std::string& path);

// Writes `path`, or standard output for "-". FILE_NOT_WRITABLE at Stage::kRuntime; when the reader
// of standard output has gone, the rest is dropped silently.
void write_text_file(const std::string& path, std::string_view text);

void write_standard_output(std::string_view text);

}  // namespace apps
