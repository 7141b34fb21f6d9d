#include "duck/pending_files.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>

namespace duck {
namespace {

namespace fs = std::filesystem;

class PendingFilesTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "pending-files-XXXXXX").string();
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    folder_ = name;
  }
  void TearDown() override { fs::remove_all(folder_); }

  void write(const fs::path& file) const {
    fs::create_directories(file.parent_path());
    std::ofstream(file) << "rows";
  }
  static std::vector<delta::AddFile> adds(std::initializer_list<const char*> paths) {
    std::vector<delta::AddFile> files;
    for (const char* path : paths) files.emplace_back().path = path;
    return files;
  }

  fs::path folder_;
};

TEST_F(PendingFilesTest, GoWithTheFoldersThatWereMadeForThem) {
  {
    PendingFiles pending(folder_ / "new" / "table");
    write(folder_ / "new" / "table" / "a.parquet");
    pending.add(adds({"a.parquet"}));
  }
  EXPECT_FALSE(fs::exists(folder_ / "new"));
  EXPECT_TRUE(fs::exists(folder_));
}

TEST_F(PendingFilesTest, LeaveFoldersThatWereThere) {
  fs::create_directories(folder_ / "table");
  {
    PendingFiles pending(folder_ / "table");
    write(folder_ / "table" / "day=1" / "a b.parquet");
    pending.add(adds({"day=1/a%20b.parquet"}));
  }
  EXPECT_TRUE(fs::exists(folder_ / "table"));
  EXPECT_TRUE(fs::is_empty(folder_ / "table"));
}

TEST_F(PendingFilesTest, LeaveWhatOthersWrote) {
  {
    PendingFiles pending(folder_ / "table");
    write(folder_ / "table" / "a.parquet");
    write(folder_ / "table" / "other.parquet");
    pending.add(adds({"a.parquet"}));
  }
  EXPECT_FALSE(fs::exists(folder_ / "table" / "a.parquet"));
  EXPECT_TRUE(fs::exists(folder_ / "table" / "other.parquet"));
}

TEST_F(PendingFilesTest, StayWhenTheyAreKept) {
  {
    PendingFiles pending(folder_ / "table");
    write(folder_ / "table" / "a.parquet");
    pending.add(adds({"a.parquet"}));
    pending.keep();
  }
  EXPECT_TRUE(fs::exists(folder_ / "table" / "a.parquet"));
}

TEST_F(PendingFilesTest, TakeAnEmptyLogFolderWithThem) {
  {
    PendingFiles pending(folder_ / "table");
    fs::create_directories(folder_ / "table" / "_delta_log");
  }
  EXPECT_FALSE(fs::exists(folder_ / "table"));
}

}  // namespace
}  // namespace duck
