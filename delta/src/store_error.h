// The errors of stores.
#pragma once

#include <string>
#include <string_view>

namespace delta {

// Throws DELTA_STORE_<what the system's error number means>: "cannot <verb> '<path>': <the
// system's words>".
[[noreturn]] void throw_store_error(std::string_view verb, const std::string& path,
                                    int error_number);

// Throws DELTA_STORE_<what>: "cannot <verb> '<path>': <words>".
[[noreturn]] void throw_store_error(std::string_view what, std::string_view verb,
                                    const std::string& path, const std::string& words);

}  // namespace delta
