#include "base/shared_data.h"

#include <gtest/gtest.h>

#include <cstdlib>

namespace base {
namespace {

TEST(SharedData, SourceDirIsTheRootOfTheRepository) {
  EXPECT_TRUE(std::filesystem::exists(source_dir() / "base" / "shared_data.h"));
}

TEST(SharedData, EnvironmentNamesTheFolder) {
  setenv("CODEANATOMY_SHARED", (source_dir() / "base").c_str(), 1);
  EXPECT_EQ(shared_data_dir(), std::filesystem::canonical(source_dir() / "base"));

  setenv("CODEANATOMY_SHARED", (source_dir() / "no such folder").c_str(), 1);
  EXPECT_EQ(shared_data_dir(), std::nullopt);
  unsetenv("CODEANATOMY_SHARED");
}

}  // namespace
}  // namespace base
