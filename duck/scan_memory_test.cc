// A scan streams: what it holds is a few row groups, however large the table is.
#include <fstream>

#include "duck/hand_made_table.h"

namespace duck {
namespace {

// A figure of this process in bytes, such as VmRSS; 0 where there is none.
std::int64_t memory(const std::string& name) {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with(name + ":")) return std::stoll(line.substr(name.size() + 1)) << 10;
  }
  return 0;
}

// From now on VmHWM tells the most that is resident.
bool restart_peak() {
  std::ofstream file("/proc/self/clear_refs");
  file << 5 << std::flush;
  return file.good();
}

class ScanMemory : public ScanTest {};

TEST_F(ScanMemory, IsThatOfAFewRowGroups) {
  constexpr std::int64_t kMiB = 1 << 20;
  HandMadeTable table(connection_, "streamed");
  // 60 row groups of a little more than 1 MiB; none of it can be compressed.
  const std::string text = "md5(i || 'a') || md5(i || 'b') || md5(i || 'c') || md5(i || 'd')";
  table.commit({HandMadeTable::protocol(), table.metadata(table.schema_of("SELECT 'x' AS s")),
                table.file("SELECT " + text + " AS s FROM range(614400) r(i)", {}, {},
                           ", ROW_GROUP_SIZE 10240, COMPRESSION uncompressed")});
  ASSERT_EQ(rows("SELECT length(s) FROM " + table.scan() + " LIMIT 1"), "128\n");
  if (!restart_peak()) GTEST_SKIP() << "the kernel does not tell peaks";
  const std::int64_t before = memory("VmRSS");
  EXPECT_EQ(rows("SELECT sum(length(s)) FROM " + table.scan()), "78643200\n");
  EXPECT_LT(memory("VmHWM") - before, 30 * kMiB);
}

}  // namespace
}  // namespace duck
