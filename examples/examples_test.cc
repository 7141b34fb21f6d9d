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

class Examples : public ScanTest {};

TEST_F(Examples, ReadTablePrintsTheRows) {
  HandMadeTable table(connection_, "example");
  const std::string query = "SELECT * FROM (VALUES (1, 'one', 0.5), (2, NULL, 1.25)) t(a, b, c)";
  table.commit(
      {HandMadeTable::protocol(), table.metadata(table.schema_of(query)), table.file(query)});
  const char* const build = std::getenv("CODEANATOMY_BUILD_DIR");
  ASSERT_NE(build, nullptr);
  EXPECT_EQ(output_of(std::string(build) + "/read_table '" + table.location() + "'"),
            "a\tb\tc\t(version 0)\n1\tone\t0.50\t\n2\tNULL\t1.25\t\n");
}

}  // namespace
}  // namespace duck
