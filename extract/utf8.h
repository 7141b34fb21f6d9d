// Telling UTF-8 from other bytes.
#pragma once

#include <string>
#include <string_view>

namespace extract {

// Well-formed UTF-8 (Unicode, table 3-7): no overlong forms, no surrogates, nothing above U+10FFFF.
bool is_utf8(std::string_view bytes);

// The text with U+FFFD for every byte that is not part of well-formed UTF-8.
std::string replace_invalid_utf8(std::string_view bytes);

}  // namespace extract
