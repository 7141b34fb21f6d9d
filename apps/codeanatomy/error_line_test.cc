#include "apps/codeanatomy/error_line.h"

#include <gtest/gtest.h>

namespace apps {
namespace {

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
