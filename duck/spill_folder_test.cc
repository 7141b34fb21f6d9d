#include "duck/spill_folder.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <thread>
#include <vector>

#include "base/error.h"
#include "base/uuid.h"

namespace duck {
namespace {

namespace fs = std::filesystem;

class SpillFolderTest : public testing::Test {
 protected:
  void SetUp() override { fs::create_directory(parent_); }
  void TearDown() override { fs::remove_all(parent_); }

  std::ptrdiff_t folders() const {
    return std::distance(fs::directory_iterator(parent_), fs::directory_iterator());
  }

  const fs::path parent_ = fs::temp_directory_path() / ("spill-" + base::random_uuid());
};

TEST_F(SpillFolderTest, IsRemovedAtTheEnd) {
  {
    const SpillFolder folder(parent_.string());
    std::ofstream(folder.path() / "spilled") << "rows";
    EXPECT_EQ(folders(), 1);
  }
  EXPECT_EQ(folders(), 0);
}

TEST_F(SpillFolderTest, FoldersThatItMadeAroundItAreRemovedWhenTheyAreEmpty) {
  const fs::path inner = parent_ / "a" / "b" / "";
  {
    const SpillFolder folder(inner.string());
    EXPECT_TRUE(fs::exists(folder.path()));
  }
  EXPECT_EQ(folders(), 0);
  {
    const SpillFolder first(inner.string());
    const SpillFolder other(inner.string());
    std::ofstream(parent_ / "a" / "of somebody else") << "";
  }
  EXPECT_TRUE(fs::exists(parent_ / "a" / "of somebody else"));
  EXPECT_FALSE(fs::exists(inner));
}

TEST_F(SpillFolderTest, NamesTheSystemsFolderThatIsNotThere) {
  const fs::path missing = parent_ / "missing";
  std::ofstream(parent_ / "file") << "";
  const char* const before = std::getenv("TMPDIR");
  for (const fs::path& place : {missing, parent_ / "file"}) {
    ::setenv("TMPDIR", place.c_str(), 1);
    try {
      const SpillFolder folder("");
      ADD_FAILURE() << place;
    } catch (const base::Error& error) {
      EXPECT_EQ(error.code(), "SPILL_DIRECTORY_INVALID");
      EXPECT_NE(error.message().find(place.string()), std::string::npos) << error.message();
    }
  }
  before == nullptr ? ::unsetenv("TMPDIR") : ::setenv("TMPDIR", before, 1);
  EXPECT_FALSE(fs::exists(missing));
}

TEST_F(SpillFolderTest, OfAProcessThatLivesStays) {
  const SpillFolder first(parent_.string());
  const SpillFolder second(parent_.string());
  EXPECT_TRUE(fs::exists(first.path()));
  EXPECT_EQ(folders(), 2);
}

TEST_F(SpillFolderTest, OfAProcessThatWasKilledIsRemovedByTheNext) {
  const pid_t child = ::fork();
  if (child == 0) {
    const SpillFolder folder(parent_.string());
    std::ofstream(folder.path() / "spilled") << "rows";
    ::raise(SIGKILL);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFSIGNALED(status));
  ASSERT_EQ(folders(), 1);
  const SpillFolder next(parent_.string());
  EXPECT_EQ(folders(), 1);
  EXPECT_TRUE(fs::is_empty(next.path()));
}

TEST_F(SpillFolderTest, OfManyAtOnceAreAllThere) {
  constexpr int kThreads = 8;
  constexpr int kRounds = 50;
  std::vector<int> missing(kThreads);
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < kThreads; ++i) {
      threads.emplace_back([this, &count = missing[i]] {
        for (int round = 0; round < kRounds; ++round) {
          const SpillFolder folder(parent_.string());
          count += fs::exists(folder.path()) ? 0 : 1;
        }
      });
    }
  }
  EXPECT_EQ(missing, std::vector<int>(kThreads));
  EXPECT_EQ(folders(), 0);
}

TEST_F(SpillFolderTest, LeavesWhatIsNoneAlone) {
  fs::create_directory(parent_ / "codeanatomy-other");
  fs::create_directory_symlink(parent_ / "codeanatomy-other", parent_ / "codeanatomy-spilled-link");
  std::ofstream(parent_ / "codeanatomy-spilled-file") << "";
  {
    const SpillFolder folder(parent_.string());
  }
  EXPECT_EQ(folders(), 3);
}

TEST_F(SpillFolderTest, NamesAPlaceWhereNoneCanBe) {
  std::ofstream(parent_ / "file") << "";
  try {
    const SpillFolder folder((parent_ / "file").string());
    FAIL();
  } catch (const base::Error& error) {
    EXPECT_EQ(error.code(), "SPILL_DIRECTORY_INVALID");
    EXPECT_EQ(error.details().at("path"), (parent_ / "file").string());
  }
}

}  // namespace
}  // namespace duck
