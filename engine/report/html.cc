#include "engine/report/html.h"

#include <fmt/format.h>

namespace engine {
namespace {

void append_escaped(std::string& out, std::string_view text) {
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += c;
    }
  }
}

}  // namespace

Html Html::text(std::string_view text) {
  Html html;
  append_escaped(html.markup_, text);
  return html;
}

Html& Html::operator+=(const Html& more) {
  markup_ += more.markup_;
  return *this;
}

Html element(std::string_view tag, const Html& content, const HtmlAttributes& attributes) {
  Html html;
  std::string& out = html.markup_;
  out.append("<").append(tag);
  for (const auto& [name, value] : attributes) {
    out.append(" ").append(name).append("=\"");
    append_escaped(out, value);
    out += '"';
  }
  out.append(">").append(content.markup_).append("</").append(tag).append(">\n");
  return html;
}

Html element(std::string_view tag, std::string_view text, const HtmlAttributes& attributes) {
  return element(tag, Html::text(text), attributes);
}

Html HtmlTable::html() const {
  const auto attributes_of = [](const Column& column) {
    HtmlAttributes attributes;
    if (column.kind == Kind::kNumber) attributes.emplace_back("class", "number");
    return attributes;
  };
  Html titles;
  for (const Column& column : columns_)
    titles += element("th", column.title, attributes_of(column));
  Html body;
  for (const auto& row : rows_) {
    Html cells;
    for (std::size_t i = 0; i < row.size(); ++i) {
      HtmlAttributes attributes = attributes_of(columns_[i]);
      if (row[i].share > 0) {
        attributes = {{"class", "share"}, {"style", fmt::format("--part: {:.1f}", row[i].share)}};
      }
      cells += element("td", row[i].content, attributes);
    }
    body += element("tr", cells);
  }
  const Html head = element("thead", element("tr", titles));
  return element("div", element("table", head + element("tbody", body)), {{"class", "scroll"}});
}

}  // namespace engine
