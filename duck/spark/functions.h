// The functions of Spark's SQL that are translated.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <string>

#include "duck/spark/typed_sql.h"

namespace duck::spark {

struct Function {
  std::size_t least = 1;  // operands
  std::size_t most = 1;
  std::function<TypedSql(const std::string& name, Operands)> translate;
};

// As many operands as anyone may write.
constexpr std::size_t kMany = 1000;

using Functions = std::map<std::string, Function>;

// By name, in lower case.
const Functions& text_functions();
const Functions& date_functions();
const Functions& number_functions();
const Functions& choice_functions();

// Throws base::Error DELTA_UNSUPPORTED_EXPRESSION for a function that is not known, and for
// operands that it does not take.
TypedSql call_function(const std::string& name, Operands operands);

// Says no to a function's operands.
[[noreturn]] void wrong_operands(const std::string& name, const Operands& operands);

// The value of an operand that is a whole number written out; refused otherwise.
long literal_integer(const std::string& name, const TypedSql& operand);

}  // namespace duck::spark
