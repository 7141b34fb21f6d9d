#include "delta/table_place.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "base/error.h"
#include "base/uuid.h"

namespace delta {
namespace {

namespace fs = std::filesystem;

class TablePlaceTest : public testing::Test {
 protected:
  void SetUp() override {
    root_ = fs::canonical(fs::temp_directory_path()) / ("place-" + base::random_uuid());
    fs::create_directory(root_);
  }
  void TearDown() override { fs::remove_all(root_); }

  void write(const std::string& path) const {
    fs::create_directories((root_ / path).parent_path());
    std::ofstream(root_ / path) << "{}\n";
  }

  // The message, or "fit".
  std::string complaint(const std::string& path,
                        const std::string& code = "OUTPUT_LOCATION_INVALID") const {
    try {
      check_place((root_ / path).string());
      return "fit";
    } catch (const base::Error& error) {
      const bool is_wrong = error.stage() == base::Stage::kValidation;
      EXPECT_EQ(error.code(), code);
      EXPECT_EQ(is_wrong, code == "OUTPUT_LOCATION_INVALID");
      EXPECT_TRUE(error.details().contains("path"));
      return error.message();
    }
  }

  void expect_complaint(const std::string& path, const std::string& text) const {
    const std::string found = complaint(path);
    EXPECT_NE(found.find(text), std::string::npos) << found;
  }

  fs::path root_;
};

TEST_F(TablePlaceTest, FoldersAreFitAsAreThoseThatCanBeMade) {
  EXPECT_EQ(complaint("a/b/c"), "fit");
  fs::create_directories(root_ / "t/_delta_log");
  EXPECT_EQ(complaint("t"), "fit");
  EXPECT_TRUE(fs::is_empty(root_ / "t/_delta_log"));
  EXPECT_FALSE(fs::exists(root_ / "a"));
}

TEST_F(TablePlaceTest, AFileIsInTheWay) {
  write("file");
  expect_complaint("file", "file is a file, not a folder");
  expect_complaint("file/below/it", "file is a file, not a folder");
  write("t/_delta_log");
  expect_complaint("t", "t/_delta_log is a file, not a folder");
}

TEST_F(TablePlaceTest, ALinkToNothingIsInTheWay) {
  fs::create_symlink(root_ / "gone", root_ / "link");
  expect_complaint("link", "link is a link that leads nowhere");
  expect_complaint("link/t", "link is a link that leads nowhere");
}

TEST_F(TablePlaceTest, ALinkToItselfIsInTheWay) {
  fs::create_symlink(root_ / "loop", root_ / "loop");
  expect_complaint("loop/t", "loop");
}

TEST_F(TablePlaceTest, AFolderThatCannotBeWritten) {
  fs::create_directory(root_ / "closed");
  constexpr fs::perms kAllButWrite = static_cast<fs::perms>(0555);
  fs::permissions(root_ / "closed", kAllButWrite);
  // Root may write everywhere, so this is seen as somebody else.
  constexpr uid_t kNobody = 65534;
  const uid_t user = ::geteuid();
  if (user == 0) {
    fs::permissions(root_, kAllButWrite, fs::perm_options::add);
    ASSERT_EQ(::seteuid(kNobody), 0);
  }
  const std::string below = complaint("closed/table", "OUTPUT_LOCATION_NOT_WRITABLE");
  ASSERT_EQ(::seteuid(user), 0);
  EXPECT_NE(below.find("closed is a folder that cannot be written"), std::string::npos) << below;
}

TEST_F(TablePlaceTest, ANameThatIsTooLong) {
  expect_complaint("new/" + std::string(256, 'x'), "cannot be made");
  expect_complaint(std::string(256, 'x'), std::string(256, 'x'));
  EXPECT_EQ(complaint("new/" + std::string(255, 'x')), "fit");
}

TEST_F(TablePlaceTest, InsideAnotherTable) {
  write("t/_delta_log/00000000000000000000.json");
  expect_complaint("t/below/it", "is inside the table at " + (root_ / "t").string());
  fs::create_directory_symlink(root_ / "t", root_ / "link");
  expect_complaint("link/below", "is inside the table at " + (root_ / "t").string());
  // Whoever has a table there already may write to it.
  write("t/old/_delta_log/00000000000000000000.json");
  EXPECT_EQ(complaint("t/old"), "fit");
}

TEST_F(TablePlaceTest, InsideALog) {
  expect_complaint("t/_delta_log", "is inside a _delta_log");
  expect_complaint("t/_delta_log/x", "is inside a _delta_log");
  EXPECT_THROW(check_place("s3://bucket/t/_delta_log/x"), base::Error);
  EXPECT_NO_THROW(check_place("s3://bucket/t"));
}

TEST_F(TablePlaceTest, SpellingsOfOnePlaceAreOne) {
  fs::create_directories(root_ / "a");
  fs::create_directory_symlink(root_ / "a", root_ / "link");
  EXPECT_EQ(resolved_location((root_ / "link/new").string()), (root_ / "a/new").string());
  EXPECT_EQ(resolved_location("s3://bucket/a"), "s3://bucket/a");
}

TEST(TablePlace, InsideIsBelow) {
  EXPECT_TRUE(is_inside("/a/b", "/a"));
  EXPECT_TRUE(is_inside("/a", "/"));
  EXPECT_FALSE(is_inside("/ab", "/a"));
  EXPECT_FALSE(is_inside("/a", "/a"));
  EXPECT_FALSE(is_inside("/a", "/a/b"));
}

}  // namespace
}  // namespace delta
