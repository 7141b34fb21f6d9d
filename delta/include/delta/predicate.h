// Conditions on columns, used to leave out files that cannot hold a matching row.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "delta/value.h"

namespace delta {

// A boolean expression tree; SQL's three-valued logic. `kUnknown` stands for any part that cannot
// be expressed here: it may be true, so it never lets a file be left out.
struct Predicate {
  // What happens to a column's value, never null, before it is compared; such as a cast. Nothing
  // where that fails.
  struct Conversion {
    std::function<std::optional<Value>(const Value& value)> convert;
    // It is defined between any two values for which it is, and never gives less for more. Only
    // such conversions make use of minima and maxima.
    bool keeps_order = false;
  };

  enum class Op {
    kUnknown,
    kAnd,           // children, at least one
    kOr,            // children, at least one
    kNot,           // one child
    kEqual,         // column, values[0]
    kNotEqual,      // column, values[0]
    kLess,          // column, values[0]
    kLessEqual,     // column, values[0]
    kGreater,       // column, values[0]
    kGreaterEqual,  // column, values[0]
    kIn,            // column, values
    kIsNull,        // column
    kIsNotNull,     // column
    kStartsWith,    // column, values[0] a string
  };

  Op op = Op::kUnknown;
  std::vector<std::string> column;  // logical name path: {"a"} or {"a", "b"} inside a struct
  std::vector<Value> values;        // of the column's type, or of what it is converted to
  std::vector<Predicate> children;
  // Of the column, for all operators but kIsNull and kIsNotNull.
  std::optional<Conversion> conversion = std::nullopt;
};

}  // namespace delta
