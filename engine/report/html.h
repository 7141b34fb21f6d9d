// HTML that is put together from pieces.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace engine {

// Well-formed markup. Text gets into it through text() and attributes alone, which escape it.
class Html {
 public:
  Html() = default;
  static Html text(std::string_view text);

  Html& operator+=(const Html& more);
  friend Html operator+(Html left, const Html& right) { return std::move(left += right); }

  bool empty() const { return markup_.empty(); }
  const std::string& markup() const { return markup_; }

 private:
  friend Html element(std::string_view tag, const Html& content,
                      const std::vector<std::pair<std::string_view, std::string>>& attributes);

  std::string markup_;
};

using HtmlAttributes = std::vector<std::pair<std::string_view, std::string>>;

// <tag attribute="…">content</tag>
Html element(std::string_view tag, const Html& content, const HtmlAttributes& attributes = {});
Html element(std::string_view tag, std::string_view text, const HtmlAttributes& attributes = {});

// A table: its columns, then its rows with as many cells.
class HtmlTable {
 public:
  enum class Kind { kText, kNumber };
  struct Column {
    std::string title;
    Kind kind = Kind::kText;
  };
  struct Cell {
    Html content;
    double share = 0;  // a bar of so many percent behind it
  };

  explicit HtmlTable(std::vector<Column> columns) : columns_(std::move(columns)) {}
  void add_row(std::vector<Cell> cells) { rows_.push_back(std::move(cells)); }
  Html html() const;

 private:
  std::vector<Column> columns_;
  std::vector<std::vector<Cell>> rows_;
};

}  // namespace engine
