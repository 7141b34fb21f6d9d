// How tables, errors, numbers in JSON and lists of columns look.

#include <gtest/gtest.h>

#include "apps/codeanatomy/column_list.h"
#include "apps/codeanatomy/error_line.h"
#include "apps/codeanatomy/json_numbers.h"
#include "apps/codeanatomy/text_table.h"

namespace apps {
namespace {

TEST(JsonNumbers, BecomeStringsWhereJsonHasNoWord) {
  const std::string given =
      R"({"a":NaN,"b":-Infinity,"c":[Infinity,-1,-0.5e-3,null,true],"NaN":"NaN -Infinity"}
{"\"":NaN,"\\":NaN,"x":"\\\"NaN","y":{"z":-1}}
)";
  const std::string wanted =
      R"({"a":"NaN","b":"-Infinity","c":["Infinity",-1,-0.5e-3,null,true],"NaN":"NaN -Infinity"}
{"\"":"NaN","\\":"NaN","x":"\\\"NaN","y":{"z":-1}}
)";
  EXPECT_EQ(JsonNumbers().rewrite(given), wanted);
  JsonNumbers byte_by_byte;
  std::string found;
  for (const char& byte : given) found += byte_by_byte.rewrite({&byte, 1});
  EXPECT_EQ(found, wanted);
}

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

TEST(ColumnList, NamesMayHaveCommasAndQuotes) {
  using Names = std::vector<std::string>;
  EXPECT_EQ(parse_column_list("-c", "a"), Names{"a"});
  EXPECT_EQ(parse_column_list("-c", "a, b,é"), (Names{"a", " b", "é"}));
  EXPECT_EQ(parse_column_list("-c", R"("last, first",b)"), (Names{"last, first", "b"}));
  EXPECT_EQ(parse_column_list("-c", R"("a","say ""hi"", twice")"),
            (Names{"a", R"(say "hi", twice)"}));
  EXPECT_EQ(parse_column_list("-c", R"(q"uote,x")"), (Names{R"(q"uote)", R"(x")"}));
  for (const char* wrong : {"", "a,", ",a", "a,,b", R"("a,b)", R"("")", R"("a"")"}) {
    EXPECT_THROW(parse_column_list("-c", wrong), CLI::ValidationError) << wrong;
  }
}

TEST(ErrorLine, IsOneLine) {
  EXPECT_EQ(error_line({base::Stage::kRuntime, "QUERY_FAILED", "first\nsecond"}),
            "error[QUERY_FAILED] runtime: first second");
}

// A file's name may hold what moves a terminal's cursor or recolours it.
TEST(ErrorLine, HoldsNoControlCharacters) {
  EXPECT_EQ(one_line("a\x1b[31m\tb\x7f\r\n\xc2\x9b é\xc2\xa0"), "a [31m b     é\xc2\xa0");
  EXPECT_EQ(one_line("\xc2"), "\xc2");
}

TEST(ErrorLine, SetsTheExitStatusByWhoseFaultItIs) {
  EXPECT_EQ(exit_status({base::Stage::kValidation, "A", ""}), 2);
  EXPECT_EQ(exit_status({base::Stage::kCompilation, "A", ""}), 2);
  EXPECT_EQ(exit_status({base::Stage::kMaterialization, "A", ""}), 1);
  EXPECT_EQ(exit_status({base::Stage::kRuntime, "A", ""}), 1);
}

}  // namespace
}  // namespace apps
