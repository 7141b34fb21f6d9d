#include "apps/codeanatomy/column_list.h"

#include <algorithm>
#include <utility>

namespace apps {
namespace {

// The name that begins with the quote at `start`, which is moved behind the closing one.
std::string quoted_name(const std::string& option, const std::string& text, std::size_t& start) {
  std::string name;
  for (std::size_t at = start + 1; at < text.size(); ++at) {
    if (text[at] != '"') {
      name += text[at];
    } else if (at + 1 < text.size() && text[at + 1] == '"') {
      name += text[at++];
    } else {
      start = at + 1;
      return name;
    }
  }
  throw CLI::ValidationError(option, "a name begins with a quote that is not closed: " + text);
}

}  // namespace

std::vector<std::string> parse_column_list(const std::string& option, const std::string& text) {
  std::vector<std::string> names;
  std::size_t at = 0;
  while (true) {
    std::string name;
    if (at < text.size() && text[at] == '"') name = quoted_name(option, text, at);
    const std::size_t end = std::min(text.find(',', at), text.size());
    name += text.substr(at, end - at);
    if (name.empty()) {
      throw CLI::ValidationError(option, "the name of a column is empty: '" + text + "'");
    }
    names.push_back(std::move(name));
    if (end == text.size()) return names;
    at = end + 1;
  }
}

CLI::Option* add_column_list_option(CLI::App& command, const std::string& option,
                                    std::vector<std::string>& columns, const std::string& help) {
  return command
      .add_option(
          option,
          [option, &columns](const CLI::results_t& texts) {
            for (const std::string& text : texts) {
              for (std::string& name : parse_column_list(option, text)) {
                columns.push_back(std::move(name));
              }
            }
            return true;
          },
          help)
      ->expected(1, CLI::detail::expected_max_vector_size)
      ->option_text("COLUMNS")
      ->allow_extra_args(false);
}

}  // namespace apps
