#include "duck/spark/lexer.h"

#include <gtest/gtest.h>

#include "base/error.h"

namespace duck::spark {
namespace {

std::string words(std::string_view text) {
  std::string out;
  for (const Token& token : tokenize(text)) {
    if (token.kind == TokenKind::kEnd) break;
    out +=
        (out.empty() ? "" : " ") + std::to_string(static_cast<int>(token.kind)) + ":" + token.text;
  }
  return out;
}

std::string refusal(std::string_view text) {
  try {
    tokenize(text);
  } catch (const base::Error& error) {
    EXPECT_EQ(error.code(), "DELTA_UNSUPPORTED_EXPRESSION");
    return error.message();
  }
  return "";
}

TEST(SparkLexer, TellsWordsNumbersTextsAndSymbolsApart) {
  EXPECT_EQ(words("a1 >=1.5"), "0:a1 5:>= 4:1.5");
  EXPECT_EQ(words("`my ``col`.x<=>'t'"), "1:my `col 5:. 0:x 5:<=> 2:t");
  EXPECT_EQ(words("\"d\" 1e-3 .5 42L 1.2BD 1.e2D"), "3:d 4:1e-3 4:.5 4:42L 4:1.2BD 4:1.e2D");
  EXPECT_EQ(words("a||b::int!=c"), "0:a 5:|| 0:b 5::: 0:int 5:!= 0:c");
  EXPECT_EQ(words("1e"), "4:1e");
}

TEST(SparkLexer, ResolvesEscapes) {
  EXPECT_EQ(words(R"('it\'s')"), "2:it's");
  EXPECT_EQ(words(R"('a\n\\b')"), "2:a\n\\b");
  // The patterns of LIKE keep theirs.
  EXPECT_EQ(words(R"('10\%\_')"), R"(2:10\%\_)");
  EXPECT_EQ(words(R"('\u00e9\U0001F600')"), "2:é😀");
}

TEST(SparkLexer, RefusesWhatIsNotUnderstoodAlike) {
  EXPECT_EQ(refusal("'a''b'"), "a quote is doubled inside of a string");
  EXPECT_EQ(refusal("'a"), "a string is not closed");
  EXPECT_EQ(refusal(R"('a\)"), "a string is not closed");
  EXPECT_EQ(refusal("`a"), "a backquote is not closed");
  EXPECT_EQ(refusal("r'a'"), "a raw string");
  EXPECT_EQ(refusal("1 -- one"), "a comment");
  EXPECT_EQ(refusal("1 /* one */"), "a comment");
  EXPECT_EQ(refusal(R"('\101')"), "a string has an octal escape");
  EXPECT_EQ(refusal(R"('\u00g')"), "an escape is cut off");
  EXPECT_EQ(refusal(R"('\uD800')"), "an escaped character is not one");
  EXPECT_EQ(refusal("a ? b"), "the character '?'");
}

}  // namespace
}  // namespace duck::spark
