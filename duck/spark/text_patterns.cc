#include "duck/spark/text_patterns.h"

#include <map>
#include <string_view>

#include "duck/spark/unsupported.h"

namespace duck::spark {
namespace {

// The ends of lines that Java knows of, inside of a class.
constexpr std::string_view kLineEnds = R"(\n\r\x{85}\x{2028}\x{2029})";
constexpr std::string_view kSpaces = R"( \t\n\x0B\f\r)";

[[noreturn]] void no_pattern(const std::string& pattern) {
  unsupported("the regular expression '" + pattern + "'");
}

class RegexTranslation {
 public:
  explicit RegexTranslation(const std::string& pattern) : pattern_(pattern) {}

  std::string run() {
    while (at_ < pattern_.size()) element();
    return result_;
  }

 private:
  char peek(std::size_t ahead = 0) const {
    return at_ + ahead < pattern_.size() ? pattern_[at_ + ahead] : '\0';
  }

  void element() {
    const char c = pattern_[at_++];
    switch (c) {
      case '\\':
        escape(false);
        break;
      case '[':
        character_class();
        break;
      case '(':
        if (peek() == '?' && peek(1) != ':') no_pattern(pattern_);
        result_ += c;
        break;
      case '.':
        result_.append("[^").append(kLineEnds).append("]");
        break;
      case '$':
        // Also before the end of the last line.
        result_.append("(?:\\r\\n|[").append(kLineEnds).append("])?\\z");
        break;
      case '^':
        result_ += "\\A";
        break;
      case '*':
      case '+':
      case '?':
      case '}':
        result_ += c;
        if (peek() == '+') no_pattern(pattern_);  // possessive
        break;
      default:
        result_ += c;
    }
  }

  void escape(bool in_class) {
    const char c = pattern_[at_ < pattern_.size() ? at_++ : at_];
    if (at_ > pattern_.size() || c == '\0') no_pattern(pattern_);
    constexpr std::string_view kSame = "dDwWtnrf\\.[]{}()*+?^$|-/";
    if (c == 's') {
      result_.append(in_class ? "" : "[").append(kSpaces).append(in_class ? "" : "]");
    } else if (c == 'S' && !in_class) {
      result_.append("[^").append(kSpaces).append("]");
    } else if (kSame.find(c) != std::string_view::npos) {
      result_ += '\\';
      result_ += c;
    } else {
      no_pattern(pattern_);
    }
  }

  void character_class() {
    result_ += '[';
    if (peek() == '^') result_ += pattern_[at_++];
    if (peek() == ']') no_pattern(pattern_);
    while (peek() != ']') {
      const char c = peek();
      const bool is_operator = c == '[' || (c == '&' && peek(1) == '&');
      if (c == '\0' || is_operator) no_pattern(pattern_);
      ++at_;
      if (c == '\\') {
        escape(true);
      } else {
        result_ += c;
      }
    }
    result_ += pattern_[at_++];
  }

  const std::string& pattern_;
  std::size_t at_ = 0;
  std::string result_;
};

}  // namespace

void check_like_pattern(const std::string& pattern, char escape) {
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] != escape) continue;
    ++i;
    const bool known =
        i < pattern.size() && (pattern[i] == '%' || pattern[i] == '_' || pattern[i] == escape);
    if (!known) unsupported("the pattern '" + pattern + "'");
  }
}

std::string re2_pattern(const std::string& java_pattern) {
  return RegexTranslation(java_pattern).run();
}

std::string strftime_pattern(const std::string& spark_pattern) {
  static const std::map<std::string, std::string> fields = {
      {"yyyy", "%Y"}, {"MM", "%m"},  {"dd", "%d"}, {"HH", "%H"},     {"mm", "%M"}, {"ss", "%S"},
      {"DDD", "%j"},  {"SSS", "%g"}, {"hh", "%I"}, {"SSSSSS", "%f"}, {"yy", "%y"}};
  const auto refuse = [&] { unsupported("the date pattern '" + spark_pattern + "'"); };
  std::string result;
  for (std::size_t at = 0; at < spark_pattern.size();) {
    const char c = spark_pattern[at];
    if (c == '\'') {
      const std::size_t end = spark_pattern.find('\'', at + 1);
      if (end == std::string::npos || end == at + 1) refuse();
      const std::string text = spark_pattern.substr(at + 1, end - at - 1);
      if (text.find('%') != std::string::npos) refuse();
      result += text;
      at = end + 1;
      if (at < spark_pattern.size() && spark_pattern[at] == '\'') refuse();
      continue;
    }
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (!letter) {
      constexpr std::string_view kPlain = " -/.:,_";
      if (kPlain.find(c) == std::string_view::npos) refuse();
      result += c;
      ++at;
      continue;
    }
    const std::size_t end = std::min(spark_pattern.find_first_not_of(c, at), spark_pattern.size());
    const auto field = fields.find(spark_pattern.substr(at, end - at));
    if (field == fields.end()) refuse();
    result += field->second;
    at = end;
  }
  return result;
}

}  // namespace duck::spark
