// The examples do what they say.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <sstream>

#include "duck/hand_made_table.h"
#include "duck/scan_test_base.h"

namespace duck {
namespace {

std::string output_of(const std::string& command) {
  const auto close = [](FILE* file) { return pclose(file); };
  const std::unique_ptr<FILE, decltype(close)> pipe(popen(command.c_str(), "r"), close);
  std::string out;
  char buffer[4096];
  while (const std::size_t size = std::fread(buffer, 1, sizeof buffer, pipe.get())) {
    out.append(buffer, size);
  }
  return out;
}

std::string example(const std::string& command) {
  const char* const build = std::getenv("CODEANATOMY_BUILD_DIR");
  return output_of((build == nullptr ? "" : std::string(build) + '/') + command);
}

// A file of the repository; empty where ctest does not say where that is.
std::string source_text(const std::string& path) {
  const char* const source = std::getenv("CODEANATOMY_SOURCE_DIR");
  if (source == nullptr) return "";
  std::ifstream file(std::string(source) + '/' + path);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

class Examples : public ScanTest {};

TEST_F(Examples, ReadTablePrintsTheRows) {
  HandMadeTable table(connection_, "example");
  const std::string query = "SELECT * FROM (VALUES (1, 'one', 0.5), (2, NULL, 1.25)) t(a, b, c)";
  table.commit(
      {HandMadeTable::protocol(), table.metadata(table.schema_of(query)), table.file(query)});
  EXPECT_EQ(example("read_table '" + table.location() + "'"),
            "a\tb\tc\t(version 0)\n1\tone\t0.50\t\n2\tNULL\t1.25\t\n");
}

TEST_F(Examples, WriteTableAppendsAndDeletes) {
  const HandMadeTable table(connection_, "example");
  const std::string path = table.location() + "/new";
  EXPECT_EQ(example("write_table '" + path + "'"),
            "3 rows written as version 0, 1 deleted by version 1\n");
  EXPECT_EQ(example("write_table '" + path + "'"),
            "3 rows written as version 2, 1 deleted by version 3\n");
  EXPECT_EQ(example("read_table '" + path + "' | sort"),
            "0\trow 0\t\n0\trow 0\t\n2\trow 2\t\n2\trow 2\t\nid\tname\t(version 3)\n");
}

TEST_F(Examples, TheDocumentShowsReadTable) {
  const std::string document = source_text("docs/delta.md");
  if (document.empty()) GTEST_SKIP() << "ctest tells where docs/delta.md is";
  EXPECT_NE(document.find("```cpp\n" + source_text("examples/read_table.cc") + "```"),
            std::string::npos);
}

// On a table with a version for each hour, the fourth of which is of the time that they name.
TEST_F(Examples, TheDocumentsQueriesRun) {
  using std::chrono::hours;
  const std::string document = source_text("docs/delta.md");
  if (document.empty()) GTEST_SKIP() << "ctest tells where docs/delta.md is";
  HandMadeTable table(connection_, "document");
  const std::chrono::sys_time<std::chrono::nanoseconds> noon_of_leap_day =
      std::chrono::sys_days{std::chrono::year(2024) / 2 / 29} + hours(12);
  const auto noon = std::filesystem::file_time_type::clock::from_sys(noon_of_leap_day);
  for (int version = 0; version < 10; ++version) {
    std::vector<delta::Action> actions = {table.file("SELECT " + std::to_string(version) + " a")};
    if (version == 0) {
      actions.emplace_back(HandMadeTable::protocol());
      actions.emplace_back(table.metadata(table.schema_of("SELECT 1 a"), {},
                                          {{"delta.enableChangeDataFeed", "true"}}));
    }
    table.commit(actions);
    const auto commit = "_delta_log/0000000000000000000" + std::to_string(version) + ".json";
    std::filesystem::last_write_time(table.folder() / commit, noon + hours(version - 4));
  }
  std::vector<std::int64_t> counts;
  std::istringstream lines(document.substr(document.find("```sql\n") + 7));
  for (std::string line; std::getline(lines, line) && line != "```";) {
    const std::string query = line.substr(0, line.find(';'));
    const std::size_t path = query.find("'PATH'");
    ASSERT_NE(path, std::string::npos) << line;
    counts.push_back(
        count(query.substr(0, path) + quote_string(table.location()) + query.substr(path + 6)));
  }
  EXPECT_EQ(counts, (std::vector<std::int64_t>{8, 5, 5, 6}));
}

}  // namespace
}  // namespace duck
