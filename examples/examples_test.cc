// The examples do what they say.
#include <cstdio>
#include <cstdlib>
#include <memory>

#include "duck/hand_made_table.h"

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

}  // namespace
}  // namespace duck
