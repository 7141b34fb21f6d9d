// Rows of text in aligned columns, for a terminal.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace apps {

// How many terminal cells `utf8` takes: wide characters two, combining ones none.
std::size_t display_width(std::string_view utf8);

class TextTable {
 public:
  enum class Align { kLeft, kRight };
  struct Column {
    std::string title;
    Align align = Align::kLeft;
  };

  // Control characters are shown as spaces, in titles and in cells.
  explicit TextTable(std::vector<Column> columns);

  // As many cells as there are columns.
  void add_row(std::vector<std::string> cells);

  // One line a row under a line of titles and one of dashes, two spaces between columns, no spaces
  // at the end of a line.
  std::string to_string() const;

 private:
  std::vector<Column> columns_;
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace apps
