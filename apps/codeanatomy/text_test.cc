// How numbers, tables and errors look.

#include <gtest/gtest.h>

#include "apps/codeanatomy/error_line.h"
#include "apps/codeanatomy/json_numbers.h"
#include "apps/codeanatomy/quantity.h"
#include "apps/codeanatomy/text_table.h"

namespace apps {
namespace {

TEST(Quantity, GroupsDigitsByThree) {
  EXPECT_EQ(count_text(0), "0");
  EXPECT_EQ(count_text(999), "999");
  EXPECT_EQ(count_text(1234567), "1,234,567");
  EXPECT_EQ(count_text(-1000), "-1,000");
}

TEST(Quantity, CountsNouns) {
  EXPECT_EQ(counted_text(1, "row"), "1 row");
  EXPECT_EQ(counted_text(2000, "row"), "2,000 rows");
}

TEST(Quantity, GivesSizesInBinaryUnits) {
  EXPECT_EQ(size_text(845), "845 B");
  EXPECT_EQ(size_text(1024), "1.0 KiB");
  EXPECT_EQ(size_text(12'897'485), "12.3 MiB");
  EXPECT_EQ(size_text((1 << 20) - 1), "1.0 MiB");
}

TEST(Quantity, GivesTimesInTheUnitThatFits) {
  EXPECT_EQ(duration_text(850'000), "850 ms");
  EXPECT_EQ(duration_text(3'210'000), "3.2 s");
  EXPECT_EQ(duration_text(125'000'000), "2 min 05 s");
  EXPECT_EQ(rate_text(2'167'813, 5'200'000, "row"), "416,887 rows/s");
  EXPECT_EQ(rate_text(2'167'813, 999, "row"), "");
}

TEST(Quantity, ReadsSizes) {
  EXPECT_EQ(parse_size("4096"), 4096);
  EXPECT_EQ(parse_size("2GiB"), 2LL << 30);
  EXPECT_EQ(parse_size("1.5g"), 3LL << 29);
  EXPECT_EQ(parse_size("500 MB"), 500'000'000);
}

TEST(Quantity, RefusesWhatIsNoSize) {
  for (const char* text : {"", "GiB", "-1", "0", "12q", "1e300GB", "1 KBB"}) {
    EXPECT_THROW(parse_size(text), base::Error) << text;
  }
}

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
  TextTable table({{"text"}});
  table.add_row({"a\nb"});
  EXPECT_EQ(table.to_string(), "text\n----\na b\n");
}

TEST(ErrorLine, IsOneLine) {
  EXPECT_EQ(error_line({base::Stage::kRuntime, "QUERY_FAILED", "first\nsecond"}),
            "error[QUERY_FAILED] runtime: first second");
}

TEST(ErrorLine, SetsTheExitStatusByWhoseFaultItIs) {
  EXPECT_EQ(exit_status({base::Stage::kValidation, "A", ""}), 2);
  EXPECT_EQ(exit_status({base::Stage::kCompilation, "A", ""}), 2);
  EXPECT_EQ(exit_status({base::Stage::kMaterialization, "A", ""}), 1);
  EXPECT_EQ(exit_status({base::Stage::kRuntime, "A", ""}), 1);
}

}  // namespace
}  // namespace apps
