#include "duck/spark/parser.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <initializer_list>
#include <optional>
#include <utility>

#include "base/ascii.h"
#include "duck/spark/lexer.h"
#include "duck/spark/unsupported.h"

namespace duck::spark {
namespace {

// Deeper ones are refused; each level costs some stack.
constexpr int kDeepest = 300;

// Words that never are a column's name here, though some may be in Spark.
constexpr std::array<std::string_view, 26> kReserved = {
    "all", "and",    "any",    "as",    "between",  "case", "cast", "div",   "else",
    "end", "exists", "from",   "in",    "interval", "is",   "like", "ilike", "not",
    "or",  "over",   "regexp", "rlike", "select",   "some", "then", "when"};

Node call(std::string name, std::vector<Node> operands) {
  return {.kind = NodeKind::kCall, .text = std::move(name), .operands = std::move(operands)};
}

Node call(std::string name, Node left, Node right) {
  std::vector<Node> operands;
  operands.push_back(std::move(left));
  operands.push_back(std::move(right));
  return call(std::move(name), std::move(operands));
}

Node call(std::string name, Node operand) {
  std::vector<Node> operands;
  operands.push_back(std::move(operand));
  return call(std::move(name), std::move(operands));
}

class Parser {
 public:
  explicit Parser(std::string_view text) : tokens_(tokenize(text)) {}

  Node run() {
    Node result = disjunction();
    if (peek().kind != TokenKind::kEnd) unexpected();
    return result;
  }

 private:
  class Depth {
   public:
    explicit Depth(int& depth) : depth_(depth) {
      if (++depth_ > kDeepest) unsupported("it is nested too deeply");
    }
    ~Depth() { --depth_; }
    Depth(const Depth&) = delete;
    Depth& operator=(const Depth&) = delete;

   private:
    int& depth_;
  };

  const Token& peek(std::size_t ahead = 0) const {
    return tokens_[std::min(at_ + ahead, tokens_.size() - 1)];
  }

  [[noreturn]] void unexpected() const {
    if (peek().kind == TokenKind::kEnd) unsupported("it ends too early");
    unsupported("'" + peek().text + "' is not understood here");
  }

  bool is_word(std::string_view word, std::size_t ahead = 0) const {
    return peek(ahead).kind == TokenKind::kWord && base::lower_case(peek(ahead).text) == word;
  }

  bool is_symbol(std::string_view symbol, std::size_t ahead = 0) const {
    return peek(ahead).kind == TokenKind::kSymbol && peek(ahead).text == symbol;
  }

  bool take_word(std::string_view word) {
    if (!is_word(word)) return false;
    ++at_;
    return true;
  }

  bool take_symbol(std::string_view symbol) {
    if (!is_symbol(symbol)) return false;
    ++at_;
    return true;
  }

  // One of the symbols, if it is next.
  std::optional<std::string> take_any(std::initializer_list<std::string_view> symbols) {
    for (const std::string_view symbol : symbols) {
      if (take_symbol(symbol)) return std::string(symbol);
    }
    return std::nullopt;
  }

  void expect_word(std::string_view word) {
    if (!take_word(word)) unexpected();
  }

  void expect_symbol(std::string_view symbol) {
    if (!take_symbol(symbol)) unexpected();
  }

  Node disjunction() {
    const Depth depth(depth_);
    Node left = conjunction();
    while (take_word("or")) left = call("or", std::move(left), conjunction());
    return left;
  }

  Node conjunction() {
    Node left = negation();
    while (take_word("and")) left = call("and", std::move(left), negation());
    return left;
  }

  Node negation() {
    const Depth depth(depth_);
    if (take_word("not") || take_symbol("!")) return call("not", negation());
    Node value = comparison();
    return predicate(std::move(value));
  }

  Node predicate(Node value) {
    if (take_word("is")) return is_predicate(std::move(value));
    const bool negated = take_word("not");
    if (take_word("between")) return negated_if(negated, between(std::move(value)));
    if (take_word("in")) return negated_if(negated, call("in", list_after(std::move(value))));
    if (take_word("like")) return negated_if(negated, like(std::move(value)));
    if (take_word("rlike") || take_word("regexp")) {
      return negated_if(negated, call("rlike", std::move(value), comparison()));
    }
    if (negated || is_word("ilike")) unexpected();
    return value;
  }

  static Node negated_if(bool negated, Node test) {
    return negated ? call("not", std::move(test)) : test;
  }

  Node between(Node value) {
    Node low = comparison();
    expect_word("and");
    Node high = comparison();
    Node above = call(">=", value, std::move(low));
    return call("and", std::move(above), call("<=", std::move(value), std::move(high)));
  }

  Node is_predicate(Node value) {
    const bool negated = take_word("not");
    std::optional<Node> result;
    if (take_word("null")) {
      result = call("isnull", std::move(value));
    } else if (take_word("true")) {
      result = call("<=>", std::move(value), {.kind = NodeKind::kBoolean, .text = "true"});
    } else if (take_word("false")) {
      result = call("<=>", std::move(value), {.kind = NodeKind::kBoolean, .text = "false"});
    } else if (take_word("distinct")) {
      expect_word("from");
      result = call("not", call("<=>", std::move(value), comparison()));
    } else {
      unexpected();
    }
    return negated ? call("not", std::move(*result)) : std::move(*result);
  }

  Node like(Node value) {
    if (is_word("all") || is_word("any") || is_word("some")) unexpected();
    std::vector<Node> operands;
    operands.push_back(std::move(value));
    operands.push_back(comparison());
    if (take_word("escape")) operands.push_back(primary());
    return call("like", std::move(operands));
  }

  std::vector<Node> list_after(Node first) {
    std::vector<Node> operands;
    operands.push_back(std::move(first));
    expect_symbol("(");
    do {
      operands.push_back(disjunction());
    } while (take_symbol(","));
    expect_symbol(")");
    return operands;
  }

  Node comparison() {
    Node left = sum();
    while (const auto symbol = take_any({"<=>", "<=", ">=", "<>", "!=", "==", "=", "<", ">"})) {
      const std::string name = *symbol == "==" ? "=" : *symbol == "!=" ? "<>" : *symbol;
      left = call(name, std::move(left), sum());
    }
    return left;
  }

  Node sum() {
    Node left = product();
    while (const auto symbol = take_any({"+", "-", "||"})) {
      left = call(*symbol, std::move(left), product());
    }
    return left;
  }

  Node product() {
    Node left = unary();
    while (true) {
      if (take_word("div")) {
        left = call("div", std::move(left), unary());
      } else if (const auto symbol = take_any({"*", "/", "%"})) {
        left = call(*symbol, std::move(left), unary());
      } else {
        return left;
      }
    }
  }

  Node unary() {
    const Depth depth(depth_);
    if (is_symbol("-") && peek(1).kind == TokenKind::kNumber) {
      ++at_;
      Node number = postfix();
      if (number.kind != NodeKind::kNumber) return call("negative", std::move(number));
      number.text = std::string("-").append(number.text);
      return number;
    }
    if (take_symbol("-")) return call("negative", unary());
    if (take_symbol("+")) return unary();
    return postfix();
  }

  Node postfix() {
    Node value = primary();
    while (true) {
      if (take_symbol(".")) {
        value = field_of(std::move(value), identifier());
      } else if (take_symbol("[")) {
        Node key = disjunction();
        expect_symbol("]");
        value = call("[]", std::move(value), std::move(key));
      } else if (take_symbol("::")) {
        value = typed(std::move(value));
      } else {
        return value;
      }
    }
  }

  static Node field_of(Node value, std::string name) {
    if (value.kind == NodeKind::kColumn) {
      value.path.push_back(std::move(name));
      return value;
    }
    Node field{.kind = NodeKind::kField, .text = std::move(name)};
    field.operands.push_back(std::move(value));
    return field;
  }

  std::string identifier() {
    if (peek().kind != TokenKind::kWord && peek().kind != TokenKind::kQuotedIdentifier) {
      unexpected();
    }
    return tokens_[at_++].text;
  }

  Node primary() {
    const Token token = peek();
    switch (token.kind) {
      case TokenKind::kNumber:
        ++at_;
        return {.kind = NodeKind::kNumber, .text = token.text};
      case TokenKind::kString:
      case TokenKind::kDoubleQuoted:
        return text();
      case TokenKind::kQuotedIdentifier:
        ++at_;
        if (is_symbol("(")) unexpected();
        return {.kind = NodeKind::kColumn, .path = {token.text}};
      case TokenKind::kWord:
        return word();
      case TokenKind::kSymbol:
        if (take_symbol("(")) {
          Node inner = disjunction();
          expect_symbol(")");
          return inner;
        }
        unexpected();
      case TokenKind::kEnd:
        unexpected();
    }
    unexpected();
  }

  bool is_text(std::size_t ahead) const {
    return peek(ahead).kind == TokenKind::kString || peek(ahead).kind == TokenKind::kDoubleQuoted;
  }

  Node text() {
    const Token& token = tokens_[at_++];
    // 'a' 'b' is one text in Spark.
    if (is_text(0)) unexpected();
    return {.kind = NodeKind::kString,
            .text = token.text,
            .is_double_quoted = token.kind == TokenKind::kDoubleQuoted};
  }

  Node word() {
    const std::string name = base::lower_case(peek().text);
    if (is_text(1) && (name == "date" || name == "timestamp" || name == "timestamp_ntz")) {
      ++at_;
      return {.kind = NodeKind::kTypedLiteral, .text = text().text, .name = name};
    }
    if (name == "null") return constant({.kind = NodeKind::kNull});
    if (name == "true" || name == "false") {
      return constant({.kind = NodeKind::kBoolean, .text = name});
    }
    if (name == "case") return choice();
    if (is_symbol("(", 1) && (name == "cast" || name == "extract" || name == "trim")) {
      at_ += 2;
      return name == "cast" ? cast() : name == "extract" ? extract() : trim();
    }
    if (is_symbol("(", 1)) return function(name);
    if (std::ranges::find(kReserved, name) != kReserved.end() || is_text(1)) unexpected();
    if (name == "current_date" || name == "current_timestamp")
      return constant(call(name, std::vector<Node>()));
    return {.kind = NodeKind::kColumn, .path = {identifier()}};
  }

  Node constant(Node node) {
    ++at_;
    return node;
  }

  Node function(const std::string& name) {
    // regexp(a, b) and rlike(a, b) are functions, too.
    const bool is_function = name == "regexp" || name == "rlike";
    if (!is_function && std::ranges::find(kReserved, name) != kReserved.end()) unexpected();
    at_ += 2;
    std::vector<Node> operands;
    if (take_symbol(")")) return call(name, std::move(operands));
    operands.push_back(disjunction());
    // substring(s FROM 2 FOR 3)
    const bool spelled_out = (name == "substring" || name == "substr") && take_word("from");
    if (spelled_out) operands.push_back(disjunction());
    if (spelled_out && take_word("for")) operands.push_back(disjunction());
    while (!spelled_out && take_symbol(",")) operands.push_back(disjunction());
    expect_symbol(")");
    return call(name, std::move(operands));
  }

  // After "cast(".
  Node cast() {
    Node value = disjunction();
    expect_word("as");
    Node result = typed(std::move(value));
    expect_symbol(")");
    return result;
  }

  Node typed(Node value) {
    if (peek().kind != TokenKind::kWord) unexpected();
    Node result{.kind = NodeKind::kCast, .text = base::lower_case(identifier())};
    if (take_symbol("(")) {
      do {
        result.numbers.push_back(type_parameter());
      } while (take_symbol(","));
      expect_symbol(")");
    }
    result.operands.push_back(std::move(value));
    return result;
  }

  int type_parameter() {
    const std::string& digits = peek().text;
    int value = 0;
    const auto [end, fault] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (peek().kind != TokenKind::kNumber || fault != std::errc() ||
        end != digits.data() + digits.size()) {
      unexpected();
    }
    ++at_;
    return value;
  }

  // After "extract(".
  Node extract() {
    const std::string field = base::lower_case(identifier());
    expect_word("from");
    Node value = disjunction();
    expect_symbol(")");
    // EXTRACT gives seconds with their fraction, which second() leaves out.
    if (field == "second") unsupported("EXTRACT of seconds");
    return call(field, std::move(value));
  }

  // After "trim(".
  Node trim() {
    for (const char* const side : {"both", "leading", "trailing"}) {
      if (is_word(side) && !is_symbol(")", 1)) unexpected();
    }
    Node value = disjunction();
    expect_symbol(")");
    return call("trim", std::move(value));
  }

  Node choice() {
    expect_word("case");
    std::optional<Node> subject;
    if (!is_word("when")) subject = disjunction();
    Node result{.kind = NodeKind::kCase};
    while (take_word("when")) {
      Node condition = disjunction();
      if (subject) condition = call("=", *subject, std::move(condition));
      result.operands.push_back(std::move(condition));
      expect_word("then");
      result.operands.push_back(disjunction());
    }
    if (result.operands.empty()) unexpected();
    if (take_word("else")) result.operands.push_back(disjunction());
    expect_word("end");
    return result;
  }

  const std::vector<Token> tokens_;
  std::size_t at_ = 0;
  int depth_ = 0;
};

}  // namespace

Node parse(std::string_view text) { return Parser(text).run(); }

}  // namespace duck::spark
