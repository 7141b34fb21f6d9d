#include "duck/sql_text.h"

#include "base/error.h"

namespace duck {
namespace {

std::string quoted(std::string_view text, char quote) {
  if (text.find('\0') != std::string_view::npos) {
    throw base::Error(base::Stage::kCompilation, "SQL_TEXT_INVALID",
                      "SQL text cannot hold a NUL character");
  }
  std::string out;
  out.reserve(text.size() + 2);
  out += quote;
  for (const char c : text) {
    if (c == quote) out += quote;
    out += c;
  }
  out += quote;
  return out;
}

}  // namespace

std::string quote_identifier(std::string_view name) { return quoted(name, '"'); }

std::string quote_string(std::string_view text) { return quoted(text, '\''); }

}  // namespace duck
