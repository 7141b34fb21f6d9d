#include <algorithm>
#include <string_view>

#include "duck/spark/casts.h"
#include "duck/spark/functions.h"
#include "duck/spark/operators.h"
#include "duck/spark/unsupported.h"
#include "duck/sql_text.h"

namespace duck::spark {
namespace {

using delta::TypeKind;

// Characters whose other case is not one character, or depends on what is around it.
constexpr std::string_view kSpecialForUpper =
    R"([\x{DF}\x{149}\x{1F0}\x{390}\x{3B0}\x{587}\x{1E96}-\x{1E9A}\x{1F50}-\x{1FFC}\x{FB00}-\x{FB17}])";
constexpr std::string_view kSpecialForLower = R"([\x{130}\x{3A3}])";

TypedSql text(std::string sql, const Operands& operands) {
  return {.sql = std::move(sql), .type = string_type(), .may_fail = any_may_fail(operands)};
}

TypedSql truth(std::string sql, const Operands& operands) {
  return {.sql = std::move(sql), .type = boolean_type(), .may_fail = any_may_fail(operands)};
}

TypedSql number(const std::string& sql, const Operands& operands) {
  return {.sql = cast_sql(sql, integer_type()),
          .type = integer_type(),
          .may_fail = any_may_fail(operands)};
}

// The first `count` operands must be strings; an integer is turned into one, as Spark does.
void take_strings(const std::string& name, Operands& operands, std::size_t count) {
  for (std::size_t i = 0; i < std::min(count, operands.size()); ++i) {
    TypedSql& operand = operands[i];
    if (is_integral(operand.type) || is_void(operand.type)) {
      operand = cast(operand, string_type());
    }
    if (!is_string(operand.type)) wrong_operands(name, operands);
  }
}

TypedSql length(const std::string& name, Operands operands) {
  if (operands[0].type.kind() == TypeKind::kBinary) {
    return number("octet_length(" + operands[0].sql + ")", operands);
  }
  take_strings(name, operands, 1);
  return number("length(" + operands[0].sql + ")", operands);
}

TypedSql change_case(const std::string& name, Operands operands) {
  take_strings(name, operands, 1);
  const bool upper = name == "upper" || name == "ucase";
  const std::string& value = operands[0].sql;
  const std::string special = "NOT regexp_matches(" + value + ", " +
                              quote_string(upper ? kSpecialForUpper : kSpecialForLower) + ")";
  TypedSql result = text(guarded_sql(special, (upper ? "upper(" : "lower(") + value + ")",
                                     "a character has another case that is not one character"),
                         operands);
  result.sql = "(" + result.sql + ")";
  result.may_fail = true;
  return result;
}

TypedSql trimmed(const std::string& name, Operands operands) {
  take_strings(name, operands, 1);
  return text(name + "(" + operands[0].sql + ", ' ')", operands);
}

TypedSql substring(const std::string& name, Operands operands) {
  take_strings(name, operands, 1);
  const long start = literal_integer(name, operands[1]);
  const std::string& value = operands[0].sql;
  if (start < 0) {
    // How many characters there are before decides what a length means.
    if (operands.size() > 2) unsupported("substring from the end, with a length");
    return text("right(" + value + ", " + std::to_string(-start) + ")", operands);
  }
  std::string sql = "substring(" + value + ", " + std::to_string(std::max(start, 1L));
  if (operands.size() > 2) {
    sql += ", " + std::to_string(std::max(literal_integer(name, operands[2]), 0L));
  }
  return text(sql + ")", operands);
}

TypedSql end_of(const std::string& name, Operands operands) {
  take_strings(name, operands, 1);
  const long count = std::max(literal_integer(name, operands[1]), 0L);
  return text(name + "(" + operands[0].sql + ", " + std::to_string(count) + ")", operands);
}

TypedSql concatenated(const std::string&, Operands operands) {
  if (operands.size() == 1) operands.push_back({.sql = "''", .type = string_type()});
  return apply_operator("||", std::move(operands));
}

TypedSql concatenated_with(const std::string& name, Operands operands) {
  take_strings(name, operands, operands.size());
  std::string sql = "concat_ws(";
  for (const TypedSql& operand : operands) {
    sql += (&operand == &operands.front() ? "" : ", ") + operand.sql;
  }
  return text(sql + ")", operands);
}

TypedSql replaced(const std::string& name, Operands operands) {
  take_strings(name, operands, operands.size());
  if (operands[1].literal.value_or("").empty()) unsupported("replace of what is not a literal");
  const std::string with = operands.size() > 2 ? operands[2].sql : "''";
  return text("replace(" + operands[0].sql + ", " + operands[1].sql + ", " + with + ")", operands);
}

TypedSql padded(const std::string& name, Operands operands) {
  take_strings(name, operands, 1);
  const long width = std::max(literal_integer(name, operands[1]), 0L);
  std::string filler = " ";
  if (operands.size() > 2) filler = operands[2].literal.value_or("");
  if (filler.empty()) unsupported(name + " with what is not a literal");
  return text(name + "(" + operands[0].sql + ", " + std::to_string(width) + ", " +
                  quote_string(filler) + ")",
              operands);
}

TypedSql searched(const std::string& name, Operands operands) {
  take_strings(name, operands, 2);
  static const std::map<std::string, std::string> names = {
      {"startswith", "starts_with"}, {"endswith", "ends_with"}, {"contains", "contains"}};
  return truth(names.at(name) + "(" + operands[0].sql + ", " + operands[1].sql + ")", operands);
}

TypedSql position(const std::string& name, Operands operands) {
  take_strings(name, operands, 2);
  // locate(substring, string) and instr(string, substring)
  if (name != "instr") std::swap(operands[0], operands[1]);
  return number("instr(" + operands[0].sql + ", " + operands[1].sql + ")", operands);
}

TypedSql matched(const std::string&, Operands operands) {
  return apply_operator("rlike", std::move(operands));
}

}  // namespace

const Functions& text_functions() {
  static const Functions functions = {
      {"length", {1, 1, length}},
      {"len", {1, 1, length}},
      {"char_length", {1, 1, length}},
      {"character_length", {1, 1, length}},
      {"upper", {1, 1, change_case}},
      {"ucase", {1, 1, change_case}},
      {"lower", {1, 1, change_case}},
      {"lcase", {1, 1, change_case}},
      {"trim", {1, 1, trimmed}},
      {"ltrim", {1, 1, trimmed}},
      {"rtrim", {1, 1, trimmed}},
      {"substring", {2, 3, substring}},
      {"substr", {2, 3, substring}},
      {"left", {2, 2, end_of}},
      {"right", {2, 2, end_of}},
      {"concat", {1, kMany, concatenated}},
      {"concat_ws", {2, kMany, concatenated_with}},
      {"replace", {2, 3, replaced}},
      {"lpad", {2, 3, padded}},
      {"rpad", {2, 3, padded}},
      {"startswith", {2, 2, searched}},
      {"endswith", {2, 2, searched}},
      {"contains", {2, 2, searched}},
      {"instr", {2, 2, position}},
      {"locate", {2, 2, position}},
      {"regexp_like", {2, 2, matched}},
      {"regexp", {2, 2, matched}},
      {"rlike", {2, 2, matched}},
  };
  return functions;
}

}  // namespace duck::spark
