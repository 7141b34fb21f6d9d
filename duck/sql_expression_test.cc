#include "duck/sql_expression.h"

#include <gtest/gtest.h>

#include "base/error.h"

namespace duck {
namespace {

void expect_refused(const std::string& text, const std::string& words) {
  try {
    parse_expression(text);
    ADD_FAILURE() << "accepted: " << text;
  } catch (const base::Error& error) {
    EXPECT_EQ(error.code(), "SQL_INVALID");
    EXPECT_NE(error.message().find(words), std::string::npos) << error.message();
  }
}

TEST(SqlExpression, IsKeptAsItCame) {
  EXPECT_EQ(parse_expression("x>1 AND  f(y)").sql, "x>1 AND  f(y)");
}

TEST(SqlExpression, LosesCommentsThatWouldSwallowWhatFollows) {
  EXPECT_EQ(parse_expression("x > 1 -- or so").sql.find("--"), std::string::npos);
}

TEST(SqlExpression, NamesItsPlaceholdersButNotThoseInsideStrings) {
  EXPECT_EQ(parse_expression("x > $2 AND y = $1 AND z < $2 AND t <> '$3'").positions,
            (std::vector<std::uint32_t>{1, 2}));
}

TEST(SqlExpression, IsOneScalarExpressionAndNothingElse) {
  expect_refused("", "is empty");
  expect_refused(" \n", "is empty");
  expect_refused("x >", "syntax error");
  expect_refused("x, y", "one expression");
  expect_refused("1=1) UNION SELECT 1 --", "");
  expect_refused("x; DROP TABLE t", "");
  expect_refused("x AS y", "alias");
  expect_refused("count(*) > 0 AND *", "");
  expect_refused("x IN (SELECT y FROM t)", "subquery");
  expect_refused("x = $name", "$name");
}

TEST(SqlExpression, GetsItsPlaceholdersReplaced) {
  const auto number = [](std::uint32_t n) {
    return "CAST($" + std::to_string(n + 4) + " AS BIGINT)";
  };
  EXPECT_EQ(replace_placeholders("f(x, $1) OR '$1' = $3", number),
            "(f(x, CAST($5 AS BIGINT)) OR ('$1' = CAST($7 AS BIGINT)))");
}

}  // namespace
}  // namespace duck
