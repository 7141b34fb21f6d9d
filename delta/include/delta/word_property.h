// Properties of a table whose values are words, which mean the same in any case, as in Spark.
#pragma once

#include <string>

#include "delta/actions.h"

namespace delta {

// Whether the table's configuration has `key` set to "true".
bool is_enabled(const Metadata& metadata, const std::string& key);

// The value of `key` in lower case; `otherwise` where the configuration lacks it.
std::string word_property(const Metadata& metadata, const std::string& key,
                          const std::string& otherwise);

}  // namespace delta
