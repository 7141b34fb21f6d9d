#include "engine/report/html.h"

#include <gtest/gtest.h>

namespace engine {
namespace {

TEST(Html, EscapesTextAndAttributes) {
  const Html html = element("a", "1 < 2 & \"3\"", {{"title", "<&\">"}});
  EXPECT_EQ(html.markup(), "<a title=\"&lt;&amp;&quot;&gt;\">1 &lt; 2 &amp; &quot;3&quot;</a>\n");
}

TEST(Html, TakesElementsAsTheyAre) {
  const Html html = element("p", Html::text("<") + element("b", "x"));
  EXPECT_EQ(html.markup(), "<p>&lt;<b>x</b>\n</p>\n");
}

TEST(Html, TablesSayWhichColumnsAreNumbersAndDrawShares) {
  HtmlTable table({{"name"}, {"rows", HtmlTable::Kind::kNumber}, {"part"}});
  table.add_row({{.content = Html::text("a")},
                 {.content = Html::text("7")},
                 {.content = Html::text("half"), .share = 50}});
  const std::string markup = table.html().markup();
  EXPECT_NE(markup.find("<th class=\"number\">rows</th>"), std::string::npos) << markup;
  EXPECT_NE(markup.find("<td class=\"number\">7</td>"), std::string::npos) << markup;
  EXPECT_NE(markup.find("<td class=\"share\" style=\"--part: 50.0\">half</td>"), std::string::npos)
      << markup;
}

}  // namespace
}  // namespace engine
