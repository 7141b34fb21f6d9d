// What every store promises, and what the local one does to keep it.
#include "delta/store.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <thread>

#include "base/error.h"
#include "base/uuid.h"

namespace delta {
namespace {

namespace fs = std::filesystem;

std::string name_of(const FileStatus& file) { return file.path.substr(file.path.rfind('/') + 1); }

template <typename Action>
std::string code_of(const Action& action) {
  try {
    action();
    return "none";
  } catch (const base::Error& error) {
    return error.code();
  }
}

class StoreTest : public testing::TestWithParam<bool> {
 protected:
  void SetUp() override {
    root_ = (fs::temp_directory_path() / ("store-" + base::random_uuid())).string();
    fs::create_directory(root_);
    store_ = GetParam() ? local_store() : memory_store();
  }
  void TearDown() override {
    std::error_code ignored;
    fs::remove_all(root_, ignored);
  }
  std::vector<std::string> names(const std::string& folder, const std::string& first = "") {
    std::vector<std::string> found;
    for (const FileStatus& file : store_->list(folder, first)) found.push_back(name_of(file));
    return found;
  }

  std::string root_;
  std::shared_ptr<Store> store_;
};

using Names = std::vector<std::string>;

TEST_P(StoreTest, ReadsWhatWasPut) {
  const std::string bytes("\0a\n\xff", 4);
  store_->put(root_ + "/a/b/f", bytes);
  EXPECT_EQ(store_->read(root_ + "/a/b/f"), bytes);
  store_->put(root_ + "/a/b/f", "");
  EXPECT_EQ(store_->read(root_ + "/a/b/f"), "");
  const std::string large(3000000, 'x');
  store_->put(root_ + "/large", large);
  EXPECT_EQ(store_->read(root_ + "/large"), large);
}

TEST_P(StoreTest, ReadsAPartOfAFile) {
  store_->put(root_ + "/f", "0123456789");
  EXPECT_EQ(store_->read_range(root_ + "/f", 0, 10), "0123456789");
  EXPECT_EQ(store_->read_range(root_ + "/f", 3, 4), "3456");
  EXPECT_EQ(store_->read_range(root_ + "/f", 8, 4), "89");
  EXPECT_EQ(store_->read_range(root_ + "/f", 8, 1LL << 40), "89");
  EXPECT_EQ(store_->read_range(root_ + "/f", 10, 4), "");
  EXPECT_EQ(store_->read_range(root_ + "/f", 11, 4), "");
  EXPECT_EQ(store_->read_range(root_ + "/f", 3, 0), "");
  EXPECT_EQ(code_of([&] { store_->read_range(root_ + "/none", 0, 1); }), "DELTA_STORE_NOT_FOUND");
}

TEST_P(StoreTest, CreatesAFileOnlyOnce) {
  EXPECT_TRUE(store_->put_if_absent(root_ + "/d/f", "first"));
  EXPECT_FALSE(store_->put_if_absent(root_ + "/d/f", "second"));
  EXPECT_EQ(store_->read(root_ + "/d/f"), "first");
  EXPECT_EQ(names(root_ + "/d"), Names{"f"});
}

TEST_P(StoreTest, LetsOneOfManyCreateAFile) {
  std::atomic<int> winners = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&, i] {
      if (store_->put_if_absent(root_ + "/f", std::to_string(i))) ++winners;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(winners, 1);
  EXPECT_EQ(names(root_), Names{"f"});
}

TEST_P(StoreTest, ListsTheFilesOfAFolderByName) {
  for (const char* name : {"b", "a", "c", "sub/d"}) store_->put(root_ + "/" + name, "12");
  EXPECT_EQ(names(root_), (Names{"a", "b", "c"}));
  EXPECT_EQ(names(root_, "b"), (Names{"b", "c"}));
  EXPECT_EQ(names(root_, "d"), Names{});
  EXPECT_EQ(names(root_ + "/none"), Names{});
  const FileStatus file = store_->list(root_, "a").front();
  EXPECT_EQ(file.path, root_ + "/a");
  EXPECT_EQ(file.size, 2);
  EXPECT_GT(file.modification_time, 1600000000000);
}

TEST_P(StoreTest, RemovesFiles) {
  store_->put(root_ + "/f", "x");
  store_->remove(root_ + "/f");
  store_->remove(root_ + "/f");
  EXPECT_EQ(names(root_), Names{});
}

TEST_P(StoreTest, NamesWhatIsWrong) {
  EXPECT_EQ(code_of([&] { store_->read(root_ + "/none"); }), "DELTA_STORE_NOT_FOUND");
  store_->put(root_ + "/f", "x");
  EXPECT_EQ(code_of([&] { store_->list(root_ + "/f", ""); }), "DELTA_STORE_NOT_A_DIRECTORY");
}

INSTANTIATE_TEST_SUITE_P(Stores, StoreTest, testing::Values(true, false),
                         [](const auto& info) { return info.param ? "Local" : "Memory"; });

class LocalStoreTest : public StoreTest {};
INSTANTIATE_TEST_SUITE_P(Stores, LocalStoreTest, testing::Values(true),
                         [](const auto&) { return "Local"; });

TEST_P(LocalStoreTest, RefusesFilesInThePlaceOfFolders) {
  store_->put(root_ + "/f", "x");
  EXPECT_EQ(code_of([&] { store_->put_if_absent(root_ + "/f/g", "x"); }),
            "DELTA_STORE_NOT_A_DIRECTORY");
  EXPECT_EQ(code_of([&] { store_->read(root_ + "/f/g"); }), "DELTA_STORE_NOT_A_DIRECTORY");
  EXPECT_EQ(code_of([&] { store_->read(root_); }), "DELTA_STORE_IS_A_DIRECTORY");
}

TEST_P(LocalStoreTest, NamesThePathAndTheSystemsWords) {
  try {
    store_->read(root_ + "/none");
    FAIL();
  } catch (const base::Error& error) {
    EXPECT_EQ(error.details().at("path"), root_ + "/none");
    EXPECT_EQ(error.message(), "cannot read '" + root_ + "/none': No such file or directory");
  }
}

TEST_P(LocalStoreTest, RefusesNamesThatAreTooLong) {
  const std::string path = root_ + "/" + std::string(300, 'x');
  EXPECT_EQ(code_of([&] { store_->put_if_absent(path, "x"); }), "DELTA_STORE_NAME_TOO_LONG");
}

// A limit on the size of files stands in for a full disk: both fail in the middle of a write.
TEST_P(LocalStoreTest, LeavesNothingBehindWhenAWriteFails) {
  rlimit old{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &old), 0);
  const auto old_handler = std::signal(SIGXFSZ, SIG_IGN);
  const rlimit small{1000, old.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
  const std::string bytes(5000, 'x');
  const std::string put = code_of([&] { store_->put(root_ + "/f", bytes); });
  const std::string create = code_of([&] { store_->put_if_absent(root_ + "/f", bytes); });
  ::setrlimit(RLIMIT_FSIZE, &old);
  std::signal(SIGXFSZ, old_handler);
  EXPECT_EQ(put, "DELTA_STORE_FILE_TOO_LARGE");
  EXPECT_EQ(create, "DELTA_STORE_FILE_TOO_LARGE");
  EXPECT_TRUE(fs::is_empty(root_));
}

// Root may do everything, so it is somebody else meanwhile.
TEST_P(LocalStoreTest, NamesMissingPermissions) {
  constexpr ::uid_t kNobody = 65534;
  const bool is_root = ::geteuid() == 0;
  store_->put(root_ + "/f", "x");
  ::chmod(root_.c_str(), 0555);
  if (is_root) {
    ASSERT_EQ(::seteuid(kNobody), 0);
  }
  const std::string code = code_of([&] { store_->put_if_absent(root_ + "/g", "x"); });
  if (is_root) {
    ASSERT_EQ(::seteuid(0), 0);
  }
  ::chmod(root_.c_str(), 0700);
  EXPECT_EQ(code, "DELTA_STORE_PERMISSION_DENIED");
}

TEST_P(LocalStoreTest, PassesOverFoldersAndDanglingLinks) {
  fs::create_directory(root_ + "/folder");
  fs::create_symlink(root_ + "/none", root_ + "/link");
  store_->put(root_ + "/f", "x");
  EXPECT_EQ(names(root_), Names{"f"});
}

TEST(NormalizeLocationTest, FindsThePathOfALocation) {
  EXPECT_EQ(normalize_location("/a/b"), "/a/b");
  EXPECT_EQ(normalize_location("/a/b//"), "/a/b");
  EXPECT_EQ(normalize_location("/a/./c/../b/"), "/a/b");
  EXPECT_EQ(normalize_location("/"), "/");
  EXPECT_EQ(normalize_location("/a%20b"), "/a%20b");
  EXPECT_EQ(normalize_location("file:///a%20b"), "/a b");
  EXPECT_EQ(normalize_location("file:/a"), "/a");
  EXPECT_EQ(normalize_location("file://localhost/a"), "/a");
  EXPECT_EQ(normalize_location("s3://b/t/"), "s3://b/t");
  EXPECT_EQ(normalize_location("s3a://b/a//t"), "s3://b/a//t");
  EXPECT_EQ(normalize_location("a:b"), (fs::current_path() / "a:b").string());
  EXPECT_EQ(normalize_location("x/y"), (fs::current_path() / "x/y").string());
}

TEST(NormalizeLocationTest, SaysThatTheWorkingDirectoryIsGone) {
  const fs::path before = fs::current_path();
  const fs::path gone = fs::temp_directory_path() / ("gone-" + base::random_uuid());
  fs::create_directory(gone);
  fs::current_path(gone);
  fs::remove(gone);
  EXPECT_EQ(normalize_location("/a"), "/a");
  EXPECT_EQ(code_of([&] { normalize_location("a"); }), "DELTA_STORE_UNSUPPORTED");
  fs::current_path(before);
}

TEST(NormalizeLocationTest, RefusesWhatNoStoreServes) {
  for (const char* location : {"gs://b/t", "s3://b", "s3:///t", "abfss://c@a/t", "file://host/t",
                               "", "/a\xff", "file:///a%FF"}) {
    EXPECT_EQ(code_of([&] { normalize_location(location); }), "DELTA_STORE_UNSUPPORTED")
        << location;
  }
}

}  // namespace
}  // namespace delta
