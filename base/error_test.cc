#include "base/error.h"

#include <gtest/gtest.h>

namespace base {
namespace {

TEST(Error, CarriesWhatAProgramNeedsAndShowsTheMessageToAPerson) {
  const Error error(Stage::kCompilation, "unknown_view", "view `a` reads `b`, which is not defined",
                    {{"view", "a"}});

  EXPECT_EQ(error.stage(), Stage::kCompilation);
  EXPECT_EQ(error.code(), "unknown_view");
  EXPECT_EQ(error.details().at("view"), "a");
  EXPECT_STREQ(error.what(), "view `a` reads `b`, which is not defined");
}

TEST(Error, NamesStagesAsTheContractDoes) {
  EXPECT_EQ(to_string(Stage::kValidation), "validation");
  EXPECT_EQ(to_string(Stage::kCompilation), "compilation");
  EXPECT_EQ(to_string(Stage::kCompliance), "compliance");
  EXPECT_EQ(to_string(Stage::kMaterialization), "materialization");
  EXPECT_EQ(to_string(Stage::kRuntime), "runtime");
}

}  // namespace
}  // namespace base
