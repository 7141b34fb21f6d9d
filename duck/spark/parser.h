// Spark's SQL grammar of expressions: the part of it that is translated.
#pragma once

#include <string_view>

#include "duck/spark/syntax_tree.h"

namespace duck::spark {

// Precedences are those of Spark's SqlBaseParser. BETWEEN, NOT IN and CASE with an operand come as
// the comparisons that they stand for. Throws base::Error DELTA_UNSUPPORTED_EXPRESSION.
Node parse(std::string_view text);

}  // namespace duck::spark
