#include "delta/src/file_action_reader.h"

#include <gtest/gtest.h>

#include <map>

#include "base/error.h"

namespace delta {
namespace {

std::string add_line(int number) {
  return R"({"add":{"path":"part-)" + std::to_string(number) +
         R"(.parquet","partitionValues":{},"size":1,"modificationTime":1,"dataChange":true}})";
}

// Lines of adds and, every tenth, a remove, numbered from `first` on.
std::string commit(int first, int count) {
  std::string text;
  for (int i = first; i < first + count; ++i) {
    text += i % 10 == 0 ? R"({"remove":{"path":"part-)" + std::to_string(i) + R"(.parquet"}})"
                        : add_line(i);
    text += '\n';
  }
  return text;
}

std::string name_of(const FileAction& action) {
  if (const auto* add = std::get_if<AddFile>(&action)) return "+" + add->path;
  return "-" + std::get<RemoveFile>(action).path;
}

class FileActionReaderTest : public testing::Test {
 protected:
  std::vector<std::string> names_;
  std::size_t bytes_ = 0;
  std::size_t parts_ = 0;
  FileActionReader reader_{[this](FileActionReader::Part&& part) {
    for (const FileAction& action : part.actions) names_.push_back(name_of(action));
    bytes_ += part.bytes;
    ++parts_;
  }};
};

TEST_F(FileActionReaderTest, GivesTheNewestFirst) {
  // The first commit makes several parts, the others one each.
  const std::map<int, int> commits = {{80'000, 60'000}, {40, 79'960}, {3, 37}, {0, 3}};
  std::size_t bytes = 0;
  for (auto one = commits.rbegin(); one != commits.rend(); ++one) {
    std::string text = commit(one->first, one->second);
    bytes += text.size();
    reader_.read(std::move(text), "c.json");
  }
  reader_.finish();
  ASSERT_EQ(names_.size(), 140'000u);
  for (int i = 0; i < 140'000; ++i) {
    const std::string sign = i % 10 == 0 ? "-" : "+";
    ASSERT_EQ(names_[139'999 - i], sign + "part-" + std::to_string(i) + ".parquet");
  }
  EXPECT_EQ(bytes_, bytes);
  EXPECT_GT(parts_, 8u);
}

TEST_F(FileActionReaderTest, ALineLongerThanAPartStaysWhole) {
  const std::string long_name(5 << 20, 'x');
  reader_.read(add_line(1) + "\n" + R"({"add":{"path":")" + long_name +
                   R"(","partitionValues":{},"size":1,"modificationTime":1,"dataChange":true}})" +
                   "\n" + add_line(2),
               "c.json");
  reader_.finish();
  EXPECT_EQ(names_,
            (std::vector<std::string>{"+part-2.parquet", "+" + long_name, "+part-1.parquet"}));
}

// The lines are counted from the file's first one, whichever part they are in.
TEST_F(FileActionReaderTest, NamesTheLineOfAFault) {
  for (const int faulty : {0, 29'999, 59'999}) {
    std::string text = commit(0, faulty) + "{\"add\":7}\n" + commit(faulty, 60'000 - faulty);
    try {
      FileActionReader reader([](FileActionReader::Part&&) {});
      reader.read(std::move(text), "c.json");
      reader.finish();
      FAIL() << faulty;
    } catch (const base::Error& error) {
      EXPECT_EQ(error.code(), "DELTA_LOG_CORRUPT");
      EXPECT_NE(error.message().find("'c.json', line " + std::to_string(faulty + 1) + ":"),
                std::string::npos)
          << error.message();
    }
  }
}

}  // namespace
}  // namespace delta
