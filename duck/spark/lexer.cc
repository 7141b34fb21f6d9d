#include "duck/spark/lexer.h"

#include <array>
#include <cctype>
#include <cstdint>

#include "duck/spark/unsupported.h"

namespace duck::spark {
namespace {

// Longer ones first.
constexpr std::array<std::string_view, 25> kSymbols = {
    "<=>", "::", "<=", ">=", "<>", "!=", "==", "||", "(", ")", "[", "]", ",",
    ".",   "=",  "<",  ">",  "!",  "+",  "-",  "*",  "/", "%", "&", "|"};

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

void append_utf8(std::string& text, std::uint32_t code) {
  if (code == 0 || code > 0x10FFFF || (code >= 0xD800 && code < 0xE000)) {
    unsupported("an escaped character is not one");
  }
  const auto byte = [&](std::uint32_t bits) { text += static_cast<char>(bits); };
  const auto tail = [&](int shift) { byte(0x80 | ((code >> shift) & 0x3F)); };
  if (code < 0x80) {
    byte(code);
  } else if (code < 0x800) {
    byte(0xC0 | (code >> 6));
    tail(0);
  } else if (code < 0x10000) {
    byte(0xE0 | (code >> 12));
    tail(6);
    tail(0);
  } else {
    byte(0xF0 | (code >> 18));
    tail(12);
    tail(6);
    tail(0);
  }
}

class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) {}

  std::vector<Token> run() {
    std::vector<Token> tokens;
    while (true) {
      while (at_ < text_.size() && std::isspace(static_cast<unsigned char>(text_[at_])) != 0) ++at_;
      tokens.push_back(next());
      if (tokens.back().kind == TokenKind::kEnd) return tokens;
    }
  }

 private:
  char peek(std::size_t ahead = 0) const {
    return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
  }

  Token next() {
    if (at_ == text_.size()) return {};
    const char c = peek();
    if (c == '`') return {TokenKind::kQuotedIdentifier, quoted_identifier()};
    if (c == '\'') return {TokenKind::kString, quoted_text('\'')};
    if (c == '"') return {TokenKind::kDoubleQuoted, quoted_text('"')};
    if (is_digit(c) || (c == '.' && is_digit(peek(1)))) return {TokenKind::kNumber, number()};
    if (is_letter(c)) return {TokenKind::kWord, word()};
    return {TokenKind::kSymbol, symbol()};
  }

  std::string quoted_identifier() {
    std::string name;
    for (++at_; at_ < text_.size(); ++at_) {
      if (peek() != '`') {
        name += peek();
      } else if (peek(1) == '`') {
        name += '`';
        ++at_;
      } else {
        ++at_;
        return name;
      }
    }
    unsupported("a backquote is not closed");
  }

  std::string quoted_text(char quote) {
    std::string content;
    ++at_;
    while (at_ < text_.size()) {
      const char c = text_[at_++];
      if (c == quote) {
        if (peek() == quote) unsupported("a quote is doubled inside of a string");
        return content;
      }
      if (c == '\\') {
        escape(content);
      } else {
        content += c;
      }
    }
    unsupported("a string is not closed");
  }

  // After a backslash.
  void escape(std::string& content) {
    if (at_ == text_.size()) unsupported("a string is not closed");
    const char c = text_[at_++];
    constexpr std::string_view kNames = "bnrtZ";
    constexpr std::string_view kCharacters = "\b\n\r\t\x1A";
    if (const auto known = kNames.find(c); known != std::string_view::npos) {
      content += kCharacters[known];
    } else if (c == '%' || c == '_') {
      content += '\\';
      content += c;
    } else if (c == 'u' || c == 'U') {
      append_utf8(content, hexadecimal(c == 'u' ? 4 : 8));
    } else if (is_digit(c)) {
      unsupported("a string has an octal escape");
    } else {
      content += c;
    }
  }

  std::uint32_t hexadecimal(int digits) {
    std::uint32_t code = 0;
    for (int i = 0; i < digits; ++i, ++at_) {
      const char c = peek();
      if (std::isxdigit(static_cast<unsigned char>(c)) == 0) unsupported("an escape is cut off");
      const int value = is_digit(c) ? c - '0' : (c | 0x20) - 'a' + 10;
      code = code * 16 + static_cast<std::uint32_t>(value);
    }
    return code;
  }

  std::string number() {
    const std::size_t start = at_;
    const auto digits = [&] {
      while (is_digit(peek())) ++at_;
    };
    digits();
    if (peek() == '.') {
      ++at_;
      digits();
    }
    const bool has_sign = peek(1) == '+' || peek(1) == '-';
    if ((peek() == 'e' || peek() == 'E') && is_digit(peek(has_sign ? 2 : 1))) {
      at_ += has_sign ? 2 : 1;
      digits();
    }
    while (is_letter(peek()) || is_digit(peek())) ++at_;
    return std::string(text_.substr(start, at_ - start));
  }

  std::string word() {
    const std::size_t start = at_;
    while (is_letter(peek()) || is_digit(peek())) ++at_;
    const std::string_view found = text_.substr(start, at_ - start);
    if ((found == "r" || found == "R") && (peek() == '\'' || peek() == '"')) {
      unsupported("a raw string");
    }
    return std::string(found);
  }

  std::string symbol() {
    const std::string_view rest = text_.substr(at_);
    if (rest.starts_with("--") || rest.starts_with("/*")) unsupported("a comment");
    for (const std::string_view known : kSymbols) {
      if (!rest.starts_with(known)) continue;
      at_ += known.size();
      return std::string(known);
    }
    unsupported("the character '" + std::string(rest.substr(0, 1)) + "'");
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

std::vector<Token> tokenize(std::string_view text) { return Lexer(text).run(); }

}  // namespace duck::spark
