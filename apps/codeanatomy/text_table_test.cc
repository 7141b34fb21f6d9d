#include "apps/codeanatomy/text_table.h"

#include <gtest/gtest.h>

namespace apps {
namespace {

TEST(TextTable, AlignsColumns) {
  TextTable table({{"name"}, {"rows", TextTable::Align::kRight}, {"place"}});
  table.add_row({"a", "1,000", "x"});
  table.add_row({"longer", "7", ""});
  EXPECT_EQ(table.to_string(),
            "name     rows  place\n"
            "------  -----  -----\n"
            "a       1,000  x\n"
            "longer      7\n");
}

TEST(TextTable, CountsTheCellsOfWideAndCombiningCharacters) {
  EXPECT_EQ(display_width("日本"), 4u);
  EXPECT_EQ(display_width("e\xCC\x81"), 1u);
  EXPECT_EQ(display_width("\xFF"), 1u);
}

TEST(TextTable, ShowsLineBreaksAsSpaces) {
  TextTable table({{"text\n1"}});
  table.add_row({"a\nb"});
  EXPECT_EQ(table.to_string(), "text 1\n------\na b\n");
}

}  // namespace
}  // namespace apps
