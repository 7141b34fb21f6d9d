#include "duck/sql_expression.h"

#include <charconv>
#include <duckdb/parser/expression/parameter_expression.hpp>
#include <duckdb/parser/parsed_expression_iterator.hpp>
#include <duckdb/parser/parser.hpp>
#include <set>

#include "base/error.h"
#include "duck/errors_internal.h"

namespace duck {
namespace {

using duckdb::ExpressionClass;
using duckdb::ParsedExpression;
using ExpressionPtr = duckdb::unique_ptr<ParsedExpression>;

[[noreturn]] void refuse(const std::string& reason) {
  throw base::Error(base::Stage::kCompilation, "SQL_INVALID", reason);
}

ExpressionPtr parse(const std::string& text) {
  if (text.find_first_not_of(" \t\r\n\f\v") == std::string::npos) refuse("the expression is empty");
  auto expressions =
      outside_duckdb(Phase::kBind, [&] { return duckdb::Parser::ParseExpressionList(text); });
  if (expressions.size() != 1) {
    refuse("one expression is needed, not " + std::to_string(expressions.size()));
  }
  return std::move(expressions.front());
}

std::uint32_t position_of(const ParsedExpression& expression) {
  const auto& name = expression.Cast<duckdb::ParameterExpression>().identifier;
  std::uint32_t position = 0;
  const auto [end, fault] = std::from_chars(name.data(), name.data() + name.size(), position);
  if (fault != std::errc() || end != name.data() + name.size() || position == 0) {
    refuse("the placeholder $" + name + " is not one of $1, $2, …");
  }
  return position;
}

void inspect(const ParsedExpression& expression, std::set<std::uint32_t>& positions) {
  switch (expression.GetExpressionClass()) {
    case ExpressionClass::SUBQUERY:
      refuse("a subquery cannot stand in an expression");
    case ExpressionClass::STAR:
      refuse("a star cannot stand in an expression");
    case ExpressionClass::PARAMETER:
      positions.insert(position_of(expression));
      break;
    default:
      break;
  }
  duckdb::ParsedExpressionIterator::EnumerateChildren(
      expression, [&](const ParsedExpression& child) { inspect(child, positions); });
}

bool has_placeholder(const ParsedExpression& expression) {
  if (expression.GetExpressionClass() == ExpressionClass::PARAMETER) return true;
  bool has = false;
  duckdb::ParsedExpressionIterator::EnumerateChildren(
      expression, [&](const ParsedExpression& child) { has = has || has_placeholder(child); });
  return has;
}

// What the first of them is compared with; one alone when it is no comparison.
std::vector<const ParsedExpression*> compared(const ParsedExpression& expression) {
  std::vector<const ParsedExpression*> sides;
  const ExpressionClass kind = expression.GetExpressionClass();
  const bool is_in = expression.GetExpressionType() == duckdb::ExpressionType::COMPARE_IN ||
                     expression.GetExpressionType() == duckdb::ExpressionType::COMPARE_NOT_IN;
  if (kind != ExpressionClass::COMPARISON && kind != ExpressionClass::BETWEEN && !is_in)
    return sides;
  duckdb::ParsedExpressionIterator::EnumerateChildren(
      expression, [&](const ParsedExpression& child) { sides.push_back(&child); });
  return sides;
}

void collect_comparisons(const ParsedExpression& expression, std::vector<ComparedSides>& found) {
  const auto sides = compared(expression);
  for (std::size_t i = 1; i < sides.size(); ++i) {
    const bool first_has = has_placeholder(*sides[0]);
    if (first_has == has_placeholder(*sides[i])) continue;
    const auto& with = first_has ? *sides[0] : *sides[i];
    const auto& without = first_has ? *sides[i] : *sides[0];
    found.push_back({with.ToString(), without.ToString()});
  }
  duckdb::ParsedExpressionIterator::EnumerateChildren(
      expression, [&](const ParsedExpression& child) { collect_comparisons(child, found); });
}

void replace(ExpressionPtr& expression,
             const std::function<std::string(std::uint32_t)>& replacement) {
  if (expression->GetExpressionClass() == ExpressionClass::PARAMETER) {
    expression = parse(replacement(position_of(*expression)));
    return;
  }
  duckdb::ParsedExpressionIterator::EnumerateChildren(
      *expression, [&](ExpressionPtr& child) { replace(child, replacement); });
}

}  // namespace

SqlExpression parse_expression(const std::string& text) {
  const auto expression = parse(text);
  if (expression->HasAlias()) refuse("an alias cannot stand in an expression");
  std::set<std::uint32_t> positions;
  inspect(*expression, positions);
  // A comment could swallow what follows.
  const bool has_comment =
      text.find("--") != std::string::npos || text.find("/*") != std::string::npos;
  return {.sql = has_comment ? expression->ToString() : text,
          .positions = {positions.begin(), positions.end()}};
}

std::vector<ComparedSides> comparisons_with_placeholders(const std::string& sql) {
  std::vector<ComparedSides> found;
  collect_comparisons(*parse(sql), found);
  return found;
}

std::string replace_placeholders(const std::string& sql,
                                 const std::function<std::string(std::uint32_t)>& replacement) {
  auto expression = parse(sql);
  replace(expression, replacement);
  return expression->ToString();
}

}  // namespace duck
