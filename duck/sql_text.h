// Quoting, the one place where a name or a value becomes SQL text.
#pragma once

#include <string>
#include <string_view>

namespace duck {

// An identifier in double quotes: a"b becomes "a""b".
std::string quote_identifier(std::string_view name);

// A string literal in single quotes; NUL bytes are refused (base::Error SQL_TEXT_INVALID).
std::string quote_string(std::string_view text);

}  // namespace duck
