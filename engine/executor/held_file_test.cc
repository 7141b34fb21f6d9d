#include "engine/executor/held_file.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/uuid.h"

namespace engine {
namespace {

namespace fs = std::filesystem;

class HeldFileTest : public testing::Test {
 protected:
  HeldFileTest() { fs::create_directories(folder_); }
  ~HeldFileTest() override { fs::remove_all(folder_); }

  std::string path(const std::string& name) const { return (folder_ / name).string(); }
  std::string made(const std::string& name) const {
    std::ofstream(path(name)) << name;
    return path(name);
  }

  const fs::path folder_ = fs::temp_directory_path() / ("held-file-" + base::random_uuid());
};

TEST_F(HeldFileTest, IsTakenOnce) {
  const std::string a = made("a");
  {
    HeldFile first = HeldFile::take(a);
    ASSERT_TRUE(first.is_held());
    const HeldFile moved = std::move(first);
    EXPECT_FALSE(HeldFile::take(a).is_held());
  }
  EXPECT_TRUE(HeldFile::take(a).is_held());
  EXPECT_TRUE(fs::exists(a));
}

TEST_F(HeldFileTest, IsHeldUnderItsNewName) {
  const HeldFile old = HeldFile::take(made("a"));
  const HeldFile file = HeldFile::rename(made("b"), path("a"));
  EXPECT_TRUE(file.is_held());
  EXPECT_FALSE(HeldFile::take(path("a")).is_held());
  EXPECT_FALSE(fs::exists(path("b")));
}

TEST_F(HeldFileTest, IsNotTakenWhenItIsGone) { EXPECT_FALSE(HeldFile::take(path("a")).is_held()); }

TEST_F(HeldFileTest, SaysWhatCannotBeOpenedOrRenamed) {
  fs::create_directories(folder_ / "folder" / "more");
  for (const auto& fail :
       std::vector<std::function<void()>>{[&] { HeldFile::take(path("folder")); },
                                          [&] { HeldFile::rename(path("none"), path("a")); },
                                          [&] { HeldFile::rename(made("b"), path("folder")); }}) {
    try {
      fail();
      ADD_FAILURE() << "nothing was thrown";
    } catch (const base::Error& error) {
      EXPECT_EQ(error.code(), "RUN_JOURNAL_FAILED");
      EXPECT_TRUE(error.details().at("path").starts_with(folder_.string()));
    }
  }
  EXPECT_FALSE(fs::exists(path("b")));
}

TEST_F(HeldFileTest, GoesWithAProcessThatIsKilled) {
  const std::string a = made("a");
  int held[2];
  ASSERT_EQ(pipe(held), 0);
  const pid_t child = fork();
  if (child == 0) {
    const HeldFile file = HeldFile::take(a);
    [[maybe_unused]] const auto written = write(held[1], file.is_held() ? "y" : "n", 1);
    while (true) pause();
  }
  char answer = ' ';
  ASSERT_EQ(read(held[0], &answer, 1), 1);
  EXPECT_EQ(answer, 'y');
  EXPECT_FALSE(HeldFile::take(a).is_held());
  kill(child, SIGKILL);
  waitpid(child, nullptr, 0);
  EXPECT_TRUE(HeldFile::take(a).is_held());
  close(held[0]);
  close(held[1]);
}

}  // namespace
}  // namespace engine
