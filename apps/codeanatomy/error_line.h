// How an error reaches the user: contract/results.md, "Command line".
#pragma once

#include <string>
#include <string_view>

#include "base/error.h"

namespace apps {

// "error[CODE] stage: message", one line.
std::string error_line(const base::Error& error);

// `text` with spaces in place of line breaks and other control characters.
std::string one_line(std::string_view text);

// {"code", "stage", "message", "details"} on one line.
std::string error_json(const base::Error& error);

// 2 when the request is wrong (stages validation and compilation), else 1.
int exit_status(const base::Error& error);

}  // namespace apps
