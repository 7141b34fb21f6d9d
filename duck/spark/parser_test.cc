#include "duck/spark/parser.h"

#include <gtest/gtest.h>

#include "base/error.h"

namespace duck::spark {
namespace {

// In prefix form: (+ a 1).
std::string shown(const Node& node) {
  std::string head = node.text;
  switch (node.kind) {
    case NodeKind::kNull:
      return "NULL";
    case NodeKind::kString:
      return "'" + node.text + "'";
    case NodeKind::kBoolean:
    case NodeKind::kNumber:
      return node.text;
    case NodeKind::kTypedLiteral:
      return node.name + "'" + node.text + "'";
    case NodeKind::kColumn:
      for (const std::string& part : node.path) head += (head.empty() ? "" : ".") + part;
      return head;
    case NodeKind::kCase:
      head = "case";
      break;
    case NodeKind::kField:
      head = "." + node.text;
      break;
    case NodeKind::kCast:
      for (const int number : node.numbers) head += ":" + std::to_string(number);
      break;
    case NodeKind::kCall:
      break;
  }
  std::string out = "(" + head;
  for (const Node& operand : node.operands) out += " " + shown(operand);
  return out + ")";
}

std::string tree(std::string_view text) { return shown(parse(text)); }

std::string refusal(std::string_view text) {
  try {
    parse(text);
  } catch (const base::Error& error) {
    EXPECT_EQ(error.code(), "DELTA_UNSUPPORTED_EXPRESSION");
    return error.message();
  }
  return "";
}

TEST(SparkParser, BindsAsSparkDoes) {
  EXPECT_EQ(tree("a + b * c - d"), "(- (+ a (* b c)) d)");
  EXPECT_EQ(tree("a = b AND NOT c OR d"), "(or (and (= a b) (not c)) d)");
  EXPECT_EQ(tree("NOT a = b"), "(not (= a b))");
  EXPECT_EQ(tree("!a = b"), "(not (= a b))");
  EXPECT_EQ(tree("a = b IS NULL"), "(isnull (= a b))");
  EXPECT_EQ(tree("a < b = c"), "(= (< a b) c)");
  EXPECT_EQ(tree("- a * b"), "(* (negative a) b)");
  EXPECT_EQ(tree("-2147483648 + -1.5"), "(+ -2147483648 -1.5)");
  EXPECT_EQ(tree("a div 2 % b"), "(% (div a 2) b)");
  EXPECT_EQ(tree("'x' || a + 1"), "(+ (|| 'x' a) 1)");
  EXPECT_EQ(tree("(a OR b) AND c"), "(and (or a b) c)");
}

TEST(SparkParser, SpellsPredicatesOut) {
  EXPECT_EQ(tree("a BETWEEN 1 AND 2 AND b"), "(and (and (>= a 1) (<= a 2)) b)");
  EXPECT_EQ(tree("a NOT BETWEEN 1 AND 2"), "(not (and (>= a 1) (<= a 2)))");
  EXPECT_EQ(tree("a NOT IN (1, b)"), "(not (in a 1 b))");
  EXPECT_EQ(tree("a NOT LIKE 'x%' ESCAPE '/'"), "(not (like a 'x%' '/'))");
  EXPECT_EQ(tree("a REGEXP 'x'"), "(rlike a 'x')");
  EXPECT_EQ(tree("a IS NOT NULL"), "(not (isnull a))");
  EXPECT_EQ(tree("a IS NOT TRUE"), "(not (<=> a true))");
  EXPECT_EQ(tree("a IS DISTINCT FROM b"), "(not (<=> a b))");
  EXPECT_EQ(tree("a == 1 and b != 2 and c <=> 3"), "(and (and (= a 1) (<> b 2)) (<=> c 3))");
}

TEST(SparkParser, ReadsCallsCastsChoicesAndPaths) {
  EXPECT_EQ(tree("coalesce(A.b, `c d`, f())"), "(coalesce A.b c d (f))");
  EXPECT_EQ(tree("CAST(a AS DECIMAL(10, 2))"), "(decimal:10:2 a)");
  EXPECT_EQ(tree("a::date"), "(date a)");
  EXPECT_EQ(tree("CASE WHEN a THEN 1 ELSE 2 END"), "(case a 1 2)");
  EXPECT_EQ(tree("CASE a WHEN 1 THEN 'x' WHEN 2 THEN 'y' END"), "(case (= a 1) 'x' (= a 2) 'y')");
  EXPECT_EQ(tree("DATE '2024-02-29' < date"), "(< date'2024-02-29' date)");
  EXPECT_EQ(tree("m['k'].x"), "(.x ([] m 'k'))");
  EXPECT_EQ(tree("substring(s FROM 2 FOR 3)"), "(substring s 2 3)");
  EXPECT_EQ(tree("EXTRACT(YEAR FROM d)"), "(year d)");
  EXPECT_EQ(tree("if(a, left(b, 1), NULL)"), "(if a (left b 1) NULL)");
  EXPECT_EQ(tree("current_date > current_timestamp()"), "(> (current_date) (current_timestamp))");
  EXPECT_EQ(tree("trim(both)"), "(trim both)");
}

TEST(SparkParser, RefusesWhatIsNotOfItsGrammar) {
  for (const std::string_view text : {"",
                                      "a +",
                                      "a b",
                                      "(a",
                                      "a IN ()",
                                      "a IN (SELECT 1)",
                                      "EXISTS (SELECT 1)",
                                      "a LIKE ANY ('x')",
                                      "a ILIKE 'x'",
                                      "INTERVAL 1 DAY",
                                      "x -> x + 1",
                                      "f(DISTINCT a)",
                                      "count(*)",
                                      "CASE END",
                                      "a IS",
                                      "a NOT",
                                      "trim(BOTH 'x' FROM s)",
                                      "cast(a AS array<int>)",
                                      "'a' 'b'",
                                      "X'1F'",
                                      "`f`(a)",
                                      "a & b",
                                      "sum(a) OVER ()",
                                      "extract(second FROM t)",
                                      "a.1"}) {
    EXPECT_NE(refusal(text), "") << text;
  }
  EXPECT_EQ(refusal("a b"), "'b' is not understood here");
  EXPECT_EQ(refusal("a +"), "it ends too early");
  std::string brackets;
  for (int i = 0; i < 5000; ++i) brackets += "(";
  EXPECT_EQ(refusal(brackets), "it is nested too deeply");
  std::string negations;
  for (int i = 0; i < 5000; ++i) negations += "NOT ";
  EXPECT_EQ(refusal(negations + "a"), "it is nested too deeply");
}

}  // namespace
}  // namespace duck::spark
