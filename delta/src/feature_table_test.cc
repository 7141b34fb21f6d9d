// The table of features in docs/delta.md says of each what the library does.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "base/error.h"
#include "delta/snapshot.h"

namespace delta {
namespace {

struct Row {
  std::vector<std::string> features;
  std::string read;
  std::string written;
};

std::vector<std::string> cells_of(const std::string& line) {
  std::vector<std::string> cells;
  std::istringstream text(line.substr(1));
  for (std::string cell; std::getline(text, cell, '|');) {
    const std::size_t first = cell.find_first_not_of(' ');
    if (first == std::string::npos) continue;
    cells.push_back(cell.substr(first, cell.find_last_not_of(' ') - first + 1));
  }
  return cells;
}

// What stands between backquotes.
std::vector<std::string> names_in(const std::string& cell) {
  std::vector<std::string> names;
  std::istringstream text(cell);
  std::string part;
  for (bool is_name = false; std::getline(text, part, '`'); is_name = !is_name) {
    if (is_name) names.push_back(part);
  }
  return names;
}

// The rows of the table in docs/delta.md.
std::vector<Row> documented(const std::string& source_dir) {
  std::ifstream file(source_dir + "/docs/delta.md");
  std::vector<Row> rows;
  bool is_there = false;
  for (std::string line; std::getline(file, line);) {
    if (line == "| feature | read | written |") is_there = true;
    if (is_there && !line.starts_with('|')) break;
    if (!is_there) continue;
    const auto cells = cells_of(line);
    if (cells.size() == 3) rows.push_back({names_in(cells[0]), cells[1], cells[2]});
  }
  return rows;
}

// Those that readers have to know; others stand among the writer's features alone.
bool concerns_readers(const std::string& feature) {
  constexpr std::array kNames = {"columnMapping", "deletionVectors",     "timestampNtz",
                                 "typeWidening",  "vacuumProtocolCheck", "v2Checkpoint",
                                 "variantType",   "variantShredding",    "catalogManaged"};
  return std::find(kNames.begin(), kNames.end(), feature) != kNames.end();
}

// The feature that is refused; empty when nothing is.
template <typename Check>
std::string refused_by(const Check& check) {
  try {
    check();
    return "";
  } catch (const base::Error& error) {
    EXPECT_EQ(error.code(), "DELTA_UNSUPPORTED_FEATURE");
    return error.details().at("feature");
  }
}

TEST(FeatureTableTest, SaysWhatIsReadWrittenAndRefused) {
  const char* const source_dir = std::getenv("CODEANATOMY_SOURCE_DIR");
  if (source_dir == nullptr) GTEST_SKIP() << "ctest tells where docs/delta.md is";
  const std::vector<Row> rows = documented(source_dir);
  Metadata metadata;
  metadata.schema_string =
      R"({"type":"struct","fields":[{"name":"a","type":"long","nullable":true,"metadata":{}}]})";
  std::size_t features = 0;
  for (const Row& row : rows) {
    for (const std::string& feature : row.features) {
      ++features;
      const std::vector<std::string> of_reader =
          concerns_readers(feature) ? std::vector{feature} : std::vector<std::string>{};
      const Protocol protocol{3, 7, of_reader, std::vector{feature}};
      EXPECT_EQ(refused_by([&] { check_readable(protocol); }),
                row.read == "refused" ? feature : "");
      EXPECT_EQ(refused_by([&] { check_writable(protocol, metadata); }),
                row.written == "refused" ? feature : "");
    }
  }
  EXPECT_GT(features, 20u);
}

}  // namespace
}  // namespace delta
