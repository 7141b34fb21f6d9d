// Tables that are removed and made again under the same path while a process goes on.
#include <chrono>

#include "base/error.h"
#include "duck/hand_made_table.h"
#include "duck/scan_test_base.h"

namespace duck {
namespace {

namespace fs = std::filesystem;

class RecreatedTable : public ScanTest {
 protected:
  // A table of one file with 100 rows, n from `first` on. The ids, the names and sizes of files and
  // the versions are those of every other such table.
  std::unique_ptr<HandMadeTable> make(int first, std::chrono::hours age) {
    auto table = std::make_unique<HandMadeTable>(connection_, "recreated");
    const std::string query = "SELECT n::BIGINT AS n FROM range(" + std::to_string(first) + ", " +
                              std::to_string(first + 100) + ") r(n)";
    table->commit({HandMadeTable::protocol(), table->metadata(table->schema_of(query))});
    table->commit({table->file(query, {"n"}, {}, ", COMPRESSION uncompressed")});
    // As if it had taken that long.
    for (const auto& entry : fs::recursive_directory_iterator(table->folder())) {
      fs::last_write_time(entry.path(), fs::file_time_type::clock::now() - age);
    }
    return table;
  }
  std::unique_ptr<HandMadeTable> make_old() { return make(1000, std::chrono::hours(2)); }
  // Removes the old one.
  std::unique_ptr<HandMadeTable> make_new() { return make(5000, std::chrono::hours(1)); }

  std::string code_of(const std::string& query) {
    try {
      rows(query);
      return "";
    } catch (const base::Error& error) {
      return error.code();
    }
  }
};

TEST_F(RecreatedTable, HasItsOwnRowsAndStatistics) {
  auto table = make_old();
  const std::string scan = table->scan();
  const auto size = fs::file_size(table->folder() / "part-0.parquet");
  EXPECT_EQ(rows("SELECT count(*), min(n) FROM " + scan), "100|1000\n");
  table.reset();
  table = make_new();
  ASSERT_EQ(fs::file_size(table->folder() / "part-0.parquet"), size);
  EXPECT_EQ(rows("SELECT count(*), min(n) FROM " + scan), "100|5000\n");
  EXPECT_EQ(rows("FROM " + scan + " WHERE n = 5007"), "5007\n");
  EXPECT_EQ(rows("FROM " + scan + " WHERE n = 1007"), "");
}

TEST_F(RecreatedTable, HasItsOwnVersions) {
  auto table = make_old();
  const std::string scan = table->scan(1);
  EXPECT_EQ(rows("FROM " + scan + " WHERE n = 1007"), "1007\n");
  table.reset();
  table = make_new();
  EXPECT_EQ(rows("FROM " + scan + " WHERE n = 5007"), "5007\n");
  EXPECT_EQ(rows("FROM " + scan + " WHERE n = 1007"), "");
}

TEST_F(RecreatedTable, IsNotWhatASnapshotOfTheOldOneReads) {
  auto table = make_old();
  const auto read = database_.snapshot(table->location(), std::nullopt);
  ASSERT_EQ(read->files().size(), 1);
  const auto opened =
      delta::Snapshot::load(delta::local_store(), database_.parquet_engine(), table->location());
  table.reset();
  table = make_new();
  EXPECT_EQ(read->files().size(), 1);
  try {
    opened->files();
    FAIL() << "files of another table";
  } catch (const base::Error& error) {
    EXPECT_EQ(error.code(), "DELTA_TABLE_REPLACED") << error.message();
    EXPECT_EQ(error.details().at("path"), table->location());
  }
}

TEST_F(RecreatedTable, IsNotWhatARegisteredViewOfTheOldOneReads) {
  auto table = make_old();
  database_.register_table("old", database_.snapshot(table->location(), std::nullopt));
  EXPECT_EQ(rows("SELECT min(n) FROM old"), "1000\n");
  table.reset();
  table = make_new();
  EXPECT_EQ(code_of("SELECT min(n) FROM old"), "DELTA_TABLE_REPLACED");
  // Whoever asks for what is there now gets it, and the view stays what it was.
  EXPECT_EQ(rows("SELECT min(n) FROM " + table->scan()), "5000\n");
  EXPECT_EQ(code_of("SELECT min(n) FROM old"), "DELTA_TABLE_REPLACED");
  database_.register_table("old", database_.snapshot(table->location(), std::nullopt));
  EXPECT_EQ(rows("SELECT min(n) FROM old"), "5000\n");
}

TEST_F(RecreatedTable, IsNotWhatARegisteredViewOfARemovedOneReads) {
  auto table = make_old();
  database_.register_table("old", database_.snapshot(table->location(), std::nullopt));
  table.reset();
  EXPECT_EQ(code_of("SELECT min(n) FROM old"), "DELTA_TABLE_REPLACED");
}

}  // namespace
}  // namespace duck
