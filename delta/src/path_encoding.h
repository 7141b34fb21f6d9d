// The paths in a log: URIs, of which the escapes and the scheme are no part of a file's identity.
#pragma once

#include <string>
#include <string_view>

namespace delta {

// Resolves %XX escapes. A '%' that starts none stands for itself.
std::string percent_decode(std::string_view text);

// Whether a decoded path needs no table location before it: "/a", "s3://bucket/a".
bool is_absolute(std::string_view path);

}  // namespace delta
