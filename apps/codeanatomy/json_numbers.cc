#include "apps/codeanatomy/json_numbers.h"

namespace apps {
namespace {

// Outside of strings an N or an I begins a word for a number: null, true and false have neither.
std::string_view word_beginning_with(char byte) {
  if (byte == 'N') return "NaN";
  if (byte == 'I') return "Infinity";
  return {};
}

}  // namespace

std::string_view JsonNumbers::rewrite(std::string_view piece) {
  out_.clear();
  for (const char byte : piece) {
    if (to_skip_ > 0) {
      --to_skip_;
    } else if (!in_string_) {
      add_outside(byte);
    } else {
      out_ += byte;
      if (escaped_) {
        escaped_ = false;
      } else if (byte == '\\') {
        escaped_ = true;
      } else if (byte == '"') {
        in_string_ = false;
      }
    }
  }
  return out_;
}

void JsonNumbers::add_outside(char byte) {
  const std::string_view word = word_beginning_with(byte);
  if (!word.empty()) out_ += '"';
  if (minus_) out_ += '-';
  minus_ = byte == '-';
  if (!word.empty()) {
    out_ += word;
    out_ += '"';
    to_skip_ = word.size() - 1;
  } else if (!minus_) {
    out_ += byte;
    in_string_ = byte == '"';
  }
}

}  // namespace apps
