// Code points of UTF-8 text.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace delta {

// The length in bytes of the longest prefix of `text` that is valid UTF-8.
std::size_t valid_utf8_prefix(std::string_view text);

inline bool is_valid_utf8(std::string_view text) { return valid_utf8_prefix(text) == text.size(); }

// The first `count` code points of valid UTF-8 `text`, or all of it when it has fewer.
std::string_view first_code_points(std::string_view text, std::size_t count);

// The least string of at most as many code points that is greater than every string starting with
// valid UTF-8 `prefix`, by the order of UTF-8 bytes. Nothing when there is none.
std::optional<std::string> after_all_with_prefix(std::string_view prefix);

}  // namespace delta
