// The words of an expression in Spark's SQL.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace duck::spark {

enum class TokenKind {
  kWord,              // an identifier or a keyword, as written
  kQuotedIdentifier,  // `a``b`: the name, without quotes
  kString,            // 'a\tb': the text, with its escapes resolved
  kDoubleQuoted,      // "a": a string for Spark, an identifier for others
  kNumber,            // 1.5, 1e3, 42L: as written
  kSymbol,            // an operator or a bracket
  kEnd,
};

struct Token {
  TokenKind kind = TokenKind::kEnd;
  std::string text;
};

// Ends with a kEnd. Throws base::Error DELTA_UNSUPPORTED_EXPRESSION for text that is no word of
// Spark's SQL, comments, raw strings and doubled quotes, which Spark's versions read differently.
std::vector<Token> tokenize(std::string_view text);

}  // namespace duck::spark
