// Spark's patterns, of LIKE and RLIKE and of dates, as DuckDB's.
#pragma once

#include <string>

namespace duck::spark {

// Checks a LIKE pattern whose escape character is `escape`: it may only stand before '%', '_' and
// itself. Throws base::Error DELTA_UNSUPPORTED_EXPRESSION, as all of these.
void check_like_pattern(const std::string& pattern, char escape);

// A regular expression of Java's as one of RE2's that finds the same texts. What only one of them
// has (lookaround, back references, flags, classes by name, …) is refused.
std::string re2_pattern(const std::string& java_pattern);

// A pattern of Spark's date_format, such as yyyy-MM-dd'T'HH:mm:ss, as one of strftime's.
std::string strftime_pattern(const std::string& spark_pattern);

}  // namespace duck::spark
