// The operators of Spark's SQL.
#pragma once

#include <string>

#include "duck/spark/typed_sql.h"

namespace duck::spark {

// AND and OR over a whole chain of operands: what stands to the right is not computed where what
// stands to the left decides.
TypedSql chained(const std::string& name, const Operands& operands);

// Whether `name` is an operator that apply_operator knows: = <> < <= > >= <=> + - * / % div ||
// not negative isnull in like rlike [].
bool is_operator(const std::string& name);

// Throws base::Error DELTA_UNSUPPORTED_EXPRESSION for types that it does not take.
TypedSql apply_operator(const std::string& name, Operands operands);

// CASE: condition, value, …, and the value of ELSE if their number is odd.
TypedSql choose(Operands operands);

}  // namespace duck::spark
