#include "apps/codeanatomy/machine_memory.h"

#include <gtest/gtest.h>

#include <fstream>

namespace apps {
namespace {

namespace fs = std::filesystem;

class MachineMemory : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "memory-XXXXXX").string();
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    groups_ = name;
  }
  void TearDown() override { fs::remove_all(groups_); }

  void limit(const std::string& file, const std::string& text) const {
    fs::create_directories((groups_ / file).parent_path());
    std::ofstream(groups_ / file) << text;
  }

  fs::path groups_;
};

TEST_F(MachineMemory, IsThatOfTheMachineWithoutALimit) {
  const std::int64_t all = machine_memory(groups_);
  EXPECT_GT(all, 64 << 20);
  limit("memory.max", "max\n");
  limit("memory/memory.limit_in_bytes", "9223372036854771712\n");
  EXPECT_EQ(machine_memory(groups_), all);
}

TEST_F(MachineMemory, IsTheContainersWhereThatIsLess) {
  limit("memory/memory.limit_in_bytes", "2097152\n");
  EXPECT_EQ(machine_memory(groups_), 2 << 20);
  limit("memory.max", "1048576\n");
  EXPECT_EQ(machine_memory(groups_), 1 << 20);
}

}  // namespace
}  // namespace apps
