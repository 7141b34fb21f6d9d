// A scan streams: what it holds is a few row groups, however large the table is.
#include "duck/hand_made_table.h"
#include "duck/resident_memory.h"
#include "duck/scan_test_base.h"

namespace duck {
namespace {

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
  if (!restart_resident_peak()) GTEST_SKIP() << "the kernel does not tell peaks";
  const std::int64_t before = resident_memory("VmRSS");
  EXPECT_EQ(rows("SELECT sum(length(s)) FROM " + table.scan()), "78643200\n");
  EXPECT_LT(resident_memory("VmHWM") - before, 30 * kMiB);
}

}  // namespace
}  // namespace duck
