// The type that values of several types are brought to.
#pragma once

#include <string>

#include "duck/spark/typed_sql.h"

namespace duck::spark {

enum class Use {
  kComparison,  // a string literal beside a date or timestamp is one
  kResult,      // one of the values becomes the result
};

// Brings values to one type, as Spark does in all of its modes; where the modes differ it is
// refused. `what` names the use in messages.
void unify(Operands& operands, Use use, const std::string& what);

// The decimal that holds any value of an integer type or of a decimal; of a literal, the smallest.
delta::DataType as_decimal(const TypedSql& value);

}  // namespace duck::spark
