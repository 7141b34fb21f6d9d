#include "extract/source_files.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

#include "base/error.h"

namespace extract {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class SourceFiles : public testing::Test {
 protected:
  SourceFiles()
      : root_(fs::temp_directory_path() / ("source_files_" + std::to_string(::getpid()))) {
    fs::create_directory(root_);
  }
  ~SourceFiles() override { fs::remove_all(root_); }

  void add(const std::string& path) {
    fs::create_directories((root_ / path).parent_path());
    std::ofstream file(root_ / path);
  }

  std::vector<std::string> paths(std::vector<std::string> excluded = {}) {
    SourceFileWalk walk(root_, std::move(excluded),
                        [&](ExtractWarning warning) { warnings_.push_back(warning.code); });
    std::vector<std::string> paths;
    while (const auto file = walk.next()) paths.push_back(file->path);
    return paths;
  }

  fs::path root_;
  std::vector<std::string> warnings_;
};

TEST_F(SourceFiles, ArePythonFilesInByteOrderOfTheirPaths) {
  for (const char* path : {"b.py", "a/z.py", "a.py", "a-b/c.pyi", "w.pyw", "x.txt", "y.pyc"}) {
    add(path);
  }
  EXPECT_THAT(paths(), ElementsAre("a-b/c.pyi", "a.py", "a/z.py", "b.py", "w.pyw"));
}

TEST_F(SourceFiles, AreNotInHiddenOrExcludedFolders) {
  for (const char* path : {".venv/a.py", ".b.py", "lib/site-packages/c.py", "lib/d.py"}) add(path);
  EXPECT_THAT(paths({"site-packages"}), ElementsAre("lib/d.py"));
}

TEST_F(SourceFiles, AreNotBehindSymbolicLinks) {
  add("real/a.py");
  fs::create_directory_symlink(root_, root_ / "real/loop");
  fs::create_symlink(root_ / "real/a.py", root_ / "link.py");
  EXPECT_THAT(paths(), ElementsAre("real/a.py"));
}

TEST_F(SourceFiles, AreFoundWhenTheFolderItselfIsALink) {
  add("real/a.py");
  fs::create_directory_symlink(root_ / "real", root_ / "link");
  SourceFileWalk walk(root_ / "link", {}, [](ExtractWarning) {});
  EXPECT_EQ(walk.next()->path, "a.py");
}

TEST_F(SourceFiles, AreRegularFiles) {
  fs::create_directory(root_ / "folder.py");
  ASSERT_EQ(::mkfifo((root_ / "pipe.py").c_str(), 0600), 0);
  EXPECT_THAT(paths(), IsEmpty());
}

// Made from folder to folder, since no path of that length can be given to the system.
TEST_F(SourceFiles, WithAPathThatIsTooLongGiveAWarning) {
  const std::string name(200, 'd');
  int folder = ::open(root_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  for (std::size_t length = root_.native().size(); length < 5000; length += name.size() + 1) {
    const int file = ::openat(folder, "a.py", O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
    ASSERT_GE(file, 0);
    ::close(file);
    ASSERT_EQ(::mkdirat(folder, name.c_str(), 0700), 0);
    const int next = ::openat(folder, name.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    ASSERT_GE(next, 0);
    ::close(folder);
    folder = next;
  }
  ::close(folder);
  add("z.py");
  const std::vector<std::string> found = paths();
  EXPECT_GT(found.size(), 15U);
  EXPECT_EQ(found.back(), "z.py");
  EXPECT_THAT(warnings_, ElementsAre("PATH_TOO_LONG"));
}

TEST_F(SourceFiles, OfWhichOnlyTheNameMakesThePathTooLongGiveAWarning) {
  const std::string name(200, 'd');
  int folder = ::open(root_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  std::size_t length = root_.native().size();
  for (; length + name.size() + 1 < 4090; length += name.size() + 1) {
    ASSERT_EQ(::mkdirat(folder, name.c_str(), 0700), 0);
    const int next = ::openat(folder, name.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    ASSERT_GE(next, 0);
    ::close(folder);
    folder = next;
  }
  const std::string file_name = std::string(4095 - length, 'f') + ".py";
  const int file = ::openat(folder, file_name.c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
  ASSERT_GE(file, 0) << file_name.size();
  ::close(file);
  ::close(folder);
  EXPECT_THAT(paths(), IsEmpty());
  EXPECT_THAT(warnings_, ElementsAre("PATH_TOO_LONG"));
}

TEST_F(SourceFiles, WithAPathThatIsNotUtf8GiveAWarning) {
  add("bad\xE9.py");
  add("good.py");
  EXPECT_THAT(paths(), ElementsAre("good.py"));
  EXPECT_THAT(warnings_, ElementsAre("PATH_NOT_UTF8"));
}

TEST_F(SourceFiles, GoOnAfterAFolderThatCannotBeRead) {
  if (::geteuid() == 0) GTEST_SKIP() << "root reads every folder";
  add("closed/a.py");
  add("open/b.py");
  fs::permissions(root_ / "closed", fs::perms::none);
  EXPECT_THAT(paths(), ElementsAre("open/b.py"));
  EXPECT_THAT(warnings_, ElementsAre("DIRECTORY_UNREADABLE"));
  fs::permissions(root_ / "closed", fs::perms::owner_all);
}

TEST_F(SourceFiles, OfNoFolderAreAnError) {
  add("a.py");
  for (const char* name : {"missing", "a.py"}) {
    try {
      SourceFileWalk walk(root_ / name, {}, [](ExtractWarning) {});
      FAIL() << name;
    } catch (const base::Error& error) {
      EXPECT_EQ(error.code(), "SOURCE_NOT_FOUND");
      EXPECT_THAT(error.message(), testing::HasSubstr(name));
    }
  }
}

}  // namespace
}  // namespace extract
