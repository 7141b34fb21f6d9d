#include "duck/delta_history.h"

#include "base/error.h"
#include "duck/hand_made_table.h"
#include "duck/scan_test_base.h"

namespace duck {
namespace {

class DeltaHistory : public ScanTest {
 protected:
  void commit(const nlohmann::json& info) { table_.commit({delta::CommitInfo{info}}); }
  std::string history() const { return "delta_history(" + quote_string(table_.location()) + ")"; }

  HandMadeTable table_{connection_, "history"};
};

TEST_F(DeltaHistory, ShowsTheCommitsNewestFirst) {
  table_.commit({HandMadeTable::protocol(), table_.metadata(table_.schema_of("SELECT 1 AS i"))});
  commit({{"operation", "WRITE"},
          {"operationParameters", {{"mode", "Append"}}},
          {"readVersion", 0},
          {"isBlindAppend", true},
          {"engineInfo", "test"},
          {"note", "more"}});
  EXPECT_EQ(rows("SELECT version, operation, operationParameters->>'mode' AS mode, readVersion, "
                 "isBlindAppend, engineInfo, commitInfo->>'note' AS note FROM " +
                 history()),
            "1|WRITE|Append|0|true|test|more\n"
            "0|NULL|NULL|NULL|NULL|NULL|NULL\n");
}

TEST_F(DeltaHistory, GivesEachCommitItsTime) {
  table_.commit({HandMadeTable::protocol(), table_.metadata(table_.schema_of("SELECT 1 AS i"))});
  const std::string log = table_.location() + "/_delta_log/00000000000000000000.json";
  std::filesystem::last_write_time(log, std::chrono::file_clock::from_sys(std::chrono::sys_seconds(
                                            std::chrono::seconds(1'600'000'000))));
  EXPECT_EQ(rows("SELECT timestamp FROM " + history()), "2020-09-13 12:26:40+00\n");
}

TEST_F(DeltaHistory, AMissingTableIsNamed) {
  try {
    rows("FROM delta_history('/no/such/table')");
    FAIL() << "no error";
  } catch (const base::Error& error) {
    EXPECT_EQ(error.code(), "DELTA_TABLE_NOT_FOUND");
  }
}

}  // namespace
}  // namespace duck
