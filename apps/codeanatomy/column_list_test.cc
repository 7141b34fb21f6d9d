#include "apps/codeanatomy/column_list.h"

#include <gtest/gtest.h>

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

namespace apps {
namespace {

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

}  // namespace
}  // namespace apps
