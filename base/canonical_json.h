// The one spelling of JSON that identities are hashed over.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace base {

// Compact JSON with the keys of every object sorted by code point. Integers are written as such;
// floats in shortest round-trip form with a fraction or an exponent ("1.0", "0.00001", "1e-7",
// "1e+16"), not finite ones as null. Strings are raw UTF-8; only the quotation mark, the backslash
// and control characters are escaped. Strings must be valid UTF-8.
std::string canonical_json(const nlohmann::json& value);

}  // namespace base
