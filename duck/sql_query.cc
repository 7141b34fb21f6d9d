#include "duck/sql_query.h"

#include <algorithm>
#include <duckdb/parser/parser.hpp>
#include <duckdb/parser/sql_statement.hpp>

#include "base/error.h"
#include "duck/errors_internal.h"

namespace duck {
namespace {

using duckdb::StatementType;

[[noreturn]] void refuse_query(const std::string& reason) {
  throw base::Error(base::Stage::kCompilation, "SQL_INVALID", reason);
}

// Of one statement, which empty ones and comments may stand around.
std::string between_semicolons(const std::string& text) {
  std::size_t begin = 0;
  bool has_begun = false;
  for (const duckdb::SimplifiedToken& token : duckdb::Parser::Tokenize(text)) {
    const bool is_semicolon = text[token.start] == ';';
    if (has_begun && is_semicolon) return text.substr(begin, token.start - begin);
    if (is_semicolon || has_begun) continue;
    begin = token.start;
    has_begun = true;
  }
  return text.substr(begin);
}

// "CREATE", as its writer knows it.
std::string keyword_of(const duckdb::SQLStatement& statement) {
  if (statement.type == StatementType::LOGICAL_PLAN_STATEMENT) return "this";
  std::string name = duckdb::StatementTypeToString(statement.type);
  std::ranges::replace(name, '_', ' ');
  return name;
}

}  // namespace

std::string parse_query(const std::string& text) {
  duckdb::Parser parser;
  outside_duckdb(Phase::kBind, [&] { parser.ParseQuery(text); });
  const auto& statements = parser.statements;
  if (statements.empty()) refuse_query("the query is empty");
  if (statements.size() > 1) {
    refuse_query("one query is needed, not " + std::to_string(statements.size()) + " statements");
  }
  const duckdb::SQLStatement& statement = *statements.front();
  if (statement.type == StatementType::MULTI_STATEMENT) {
    refuse_query("PIVOT must list its values: ON column IN (…)");
  }
  if (statement.type != StatementType::SELECT_STATEMENT) {
    refuse_query("a query is needed, such as SELECT, FROM, VALUES, WITH, DESCRIBE or SUMMARIZE; " +
                 keyword_of(statement) + " is not one");
  }
  return between_semicolons(text);
}

}  // namespace duck
