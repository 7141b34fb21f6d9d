// Scalar SQL expressions that come from outside, checked before they become part of a query.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace duck {

struct SqlExpression {
  std::string sql;                       // as it came; safe to stand between parentheses
  std::vector<std::uint32_t> positions;  // n of each $n in it, sorted, each once
};

// Parses the text as one expression, without binding it: functions and columns need not exist.
// Throws base::Error SQL_INVALID when the text is not one expression, when it has an alias, a
// star, a subquery, or a placeholder with a name other than a number.
SqlExpression parse_expression(const std::string& text);

// The two sides of each comparison in the expression (=, <, BETWEEN, IN, IS DISTINCT FROM, …) of
// which one has a placeholder and the other none.
struct ComparedSides {
  std::string with_placeholder;
  std::string without;
};
std::vector<ComparedSides> comparisons_with_placeholders(const std::string& sql);

// The expression with each $n replaced by the expression `replacement(n)`.
std::string replace_placeholders(const std::string& sql,
                                 const std::function<std::string(std::uint32_t)>& replacement);

}  // namespace duck
