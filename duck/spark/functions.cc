#include "duck/spark/functions.h"

#include <array>
#include <charconv>
#include <utility>

#include "duck/spark/unsupported.h"

namespace duck::spark {

[[noreturn]] void wrong_operands(const std::string& name, const Operands& operands) {
  std::string types;
  for (const TypedSql& operand : operands) {
    types += (types.empty() ? "" : ", ") + operand.type.to_string();
  }
  unsupported("the function " + name + " of (" + types + ")");
}

long literal_integer(const std::string& name, const TypedSql& operand) {
  long value = 0;
  if (operand.literal && is_integral(operand.type)) {
    const std::string& digits = *operand.literal;
    const auto [end, fault] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (fault == std::errc() && end == digits.data() + digits.size()) return value;
  }
  unsupported("the function " + name + " with a number that is not a literal");
}

TypedSql call_function(const std::string& name, Operands operands) {
  const std::array all = {&text_functions(), &date_functions(), &number_functions(),
                          &choice_functions()};
  for (const Functions* const functions : all) {
    const auto known = functions->find(name);
    if (known == functions->end()) continue;
    const Function& function = known->second;
    if (operands.size() < function.least || operands.size() > function.most) {
      wrong_operands(name, operands);
    }
    return function.translate(name, std::move(operands));
  }
  unsupported("the function '" + name + "'");
}

}  // namespace duck::spark
