// Writing JSON text without building a document first.
#pragma once

#include <string>
#include <string_view>

namespace delta {

// Appends `text` as a JSON string, quotes included. Bytes that are not UTF-8 become U+FFFD.
void append_json_string(std::string& out, std::string_view text);

// Appends `number` in its shortest form that reads back as the same double, always with a '.' or
// an exponent. The number is finite.
void append_json_number(std::string& out, double number);

}  // namespace delta
