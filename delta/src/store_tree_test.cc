// Whole trees of a store: what vacuum walks and removes.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <filesystem>

#include "base/time.h"
#include "base/uuid.h"
#include "delta/store.h"

namespace delta {
namespace {

namespace fs = std::filesystem;
using Names = std::vector<std::string>;

bool enters_all(std::string_view) { return true; }

class StoreTreeTest : public testing::TestWithParam<bool> {
 protected:
  void SetUp() override {
    root_ = (fs::temp_directory_path() / ("tree-" + base::random_uuid())).string();
    fs::create_directory(root_);
    store_ = GetParam() ? local_store() : memory_store();
  }
  void TearDown() override {
    std::error_code ignored;
    fs::remove_all(root_, ignored);
  }
  Names names(const FolderFilter& enters = enters_all) const {
    Names found;
    for (const FileStatus& file : store_->list_tree(root_, enters)) {
      found.push_back(file.path.substr(root_.size() + 1));
    }
    std::sort(found.begin(), found.end());
    return found;
  }

  std::string root_;
  std::shared_ptr<Store> store_;
};

TEST_P(StoreTreeTest, ListsFilesAtEveryDepth) {
  for (const char* name : {"b", "a/c", "a/d/e"}) store_->put(root_ + "/" + name, "12");
  EXPECT_EQ(names(), (Names{"a/c", "a/d/e", "b"}));
  const FileStatus file = store_->list_tree(root_ + "/a/d", enters_all).front();
  EXPECT_EQ(file.size, 2);
  EXPECT_GT(file.modification_time, 1600000000000);
  EXPECT_TRUE(store_->list_tree(root_ + "/none", enters_all).empty());
}

TEST_P(StoreTreeTest, LeavesOutFoldersThatAreNotEntered) {
  for (const char* name : {"_log/a", "p/_log/b", "p/c"}) store_->put(root_ + "/" + name, "");
  EXPECT_EQ(names([](std::string_view folder) { return folder != "_log"; }),
            (Names{"p/_log/b", "p/c"}));
  EXPECT_EQ(names([](std::string_view folder) { return folder != "p/_log"; }),
            (Names{"_log/a", "p/c"}));
}

TEST_P(StoreTreeTest, RemovesManyFiles) {
  for (const char* name : {"a", "d/b", "d/c"}) store_->put(root_ + "/" + name, "");
  const Names paths = {root_ + "/a", root_ + "/none/x", root_ + "/d/c"};
  store_->remove_all(paths);
  EXPECT_EQ(names(), Names{"d/b"});
}

INSTANTIATE_TEST_SUITE_P(Stores, StoreTreeTest, testing::Values(true, false),
                         [](const auto& info) { return info.param ? "Local" : "Memory"; });

class LocalStoreTreeTest : public StoreTreeTest {
 protected:
  void make_folder(const std::string& name, std::chrono::hours age) {
    fs::create_directories(root_ + "/" + name);
    fs::last_write_time(root_ + "/" + name, fs::file_time_type::clock::now() - age);
  }
};
INSTANTIATE_TEST_SUITE_P(Stores, LocalStoreTreeTest, testing::Values(true),
                         [](const auto&) { return "Local"; });

TEST_P(LocalStoreTreeTest, DoesNotFollowSymbolicLinks) {
  store_->put(root_ + "/outside/file", "x");
  store_->put(root_ + "/table/file", "x");
  fs::create_directory_symlink(root_ + "/outside", root_ + "/table/folder");
  fs::create_symlink(root_ + "/outside/file", root_ + "/table/link");
  const auto files = store_->list_tree(root_ + "/table", enters_all);
  ASSERT_EQ(files.size(), 1U);
  EXPECT_EQ(files[0].path, root_ + "/table/file");
}

TEST_P(LocalStoreTreeTest, RemovesFoldersThatHaveLongBeenEmpty) {
  const std::chrono::hours old(48);
  make_folder("old", old);
  make_folder("new", std::chrono::hours(0));
  make_folder("hidden", old);
  store_->put(root_ + "/full/file", "x");
  fs::last_write_time(root_ + "/full", fs::file_time_type::clock::now() - old);
  const std::int64_t yesterday = base::now_ms() - std::int64_t{24} * 3600 * 1000;
  EXPECT_EQ(store_->remove_empty_folders(
                root_, [](std::string_view folder) { return folder != "hidden"; }, yesterday),
            1);
  EXPECT_FALSE(fs::exists(root_ + "/old"));
  for (const char* name : {"new", "hidden", "full/file"}) {
    EXPECT_TRUE(fs::exists(root_ + "/" + name)) << name;
  }
}

TEST_P(LocalStoreTreeTest, DropsHadoopsChecksumOfAFileThatIsReplaced) {
  store_->put(root_ + "/_last_checkpoint", "1");
  store_->put(root_ + "/._last_checkpoint.crc", "checksum of 1");
  store_->put(root_ + "/_last_checkpoint", "2");
  EXPECT_EQ(names(), Names{"_last_checkpoint"});
}

}  // namespace
}  // namespace delta
