// Z85, the base-85 text of deletion vectors: ZeroMQ RFC 32.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace delta {

// Five characters for four bytes; zeros are added up to a multiple of four.
std::string z85_encode(std::string_view bytes);

// The bytes, four for five characters; a value beyond four bytes loses its upper part, as it does
// in Spark, whose tables hold such. Nothing when the text is not Z85.
std::optional<std::string> z85_decode(std::string_view text);

}  // namespace delta
