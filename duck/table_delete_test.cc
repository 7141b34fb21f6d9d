#include "duck/table_delete.h"

#include "base/error.h"
#include "duck/scan_test_base.h"
#include "duck/sql_text.h"
#include "duck/table_verification.h"
#include "duck/table_write.h"

namespace duck {
namespace {

namespace fs = std::filesystem;

class TableDeleteTest : public ScanTest {
 protected:
  TableDeleteTest()
      : folder_(fs::path(testing::TempDir()) / ("delete-" + std::to_string(getpid()))) {
    fs::remove_all(folder_);
  }
  ~TableDeleteTest() override { fs::remove_all(folder_); }

  // Two files: ids 0 to 9, and 10 to 19.
  void make_table(std::map<std::string, std::string> properties = {}) {
    TableWriteOptions options{.location = folder_.string(), .properties = std::move(properties)};
    write_table(database_, connection_, "SELECT i AS id FROM range(10) t(i)", {}, options);
    options.properties.clear();
    write_table(database_, connection_, "SELECT i AS id FROM range(10, 20) t(i)", {}, options);
  }

  TableDeleteResult remove(const std::string& where) {
    return delete_rows(database_, connection_, {.location = folder_.string(), .where = where});
  }
  std::string code(const std::string& where) {
    try {
      remove(where);
    } catch (const base::Error& error) {
      return error.code();
    }
    return "";
  }
  std::string message(const std::string& where) {
    try {
      remove(where);
    } catch (const base::Error& error) {
      return error.message();
    }
    return "";
  }
  std::string summary() {
    return rows("SELECT count(*), sum(id) FROM delta_scan(" + quote_string(folder_.string()) + ")");
  }
  // What version `version` changed, by kind.
  std::string changes(int version) {
    const std::string number = std::to_string(version);
    return rows("SELECT _change_type, count(*), sum(id) FROM delta_changes(" +
                quote_string(folder_.string()) + ", " + number + ", " + number +
                ") GROUP BY 1 ORDER BY 1");
  }
  std::size_t files_on_disk() const {
    std::size_t files = 0;
    for (const auto& entry : fs::directory_iterator(folder_)) files += entry.is_regular_file();
    return files;
  }
  delta::SnapshotFiles live_files() {
    return delta::Snapshot::load(delta::local_store(), database_.parquet_engine(), folder_.string())
        ->files();
  }

  fs::path folder_;
};

TEST_F(TableDeleteTest, AFileOfWhichNothingIsLeftIsRemoved) {
  make_table();
  const TableDeleteResult result = remove("id < 10");
  EXPECT_EQ(result.version, 2);
  EXPECT_EQ(result.rows, 10);
  EXPECT_EQ(summary(), "10|145\n");
  EXPECT_EQ(files_on_disk(), 2U);
}

TEST_F(TableDeleteTest, OtherRowsOfAFileAreCopied) {
  make_table();
  EXPECT_EQ(remove("id = 5").rows, 1);
  EXPECT_EQ(summary(), "19|185\n");
  EXPECT_EQ(files_on_disk(), 3U);
}

// However many threads copy them: deletes one after another would make files ever smaller.
TEST_F(TableDeleteTest, OtherRowsOfALargeFileAreOneFile) {
  write_table(database_, connection_,
              "SELECT i AS id, md5(i::VARCHAR) AS text FROM range(1000000) t(i) ORDER BY i", {},
              {.location = folder_.string()});
  ASSERT_EQ(live_files().size(), 1U);
  EXPECT_EQ(remove("id = 5").rows, 1);
  EXPECT_EQ(live_files().size(), 1U);
  EXPECT_EQ(summary(), "999999|499999499995\n");
}

TEST_F(TableDeleteTest, RowsOfUnknownTruthStay) {
  make_table();
  EXPECT_EQ(remove("nullif(id, 3) < 5").rows, 4);
  EXPECT_EQ(summary(), "16|183\n");
}

TEST_F(TableDeleteTest, DeletionVectorsAreUsedAndUnitedWhereTheTableEnablesThem) {
  make_table({{"delta.enableDeletionVectors", "true"}});
  remove("id IN (5, 12)");
  remove("id = 6");
  EXPECT_EQ(summary(), "17|167\n");
  std::int64_t deleted = 0;
  for (const delta::AddFile& file : live_files()) {
    ASSERT_TRUE(file.deletion_vector);
    deleted += file.deletion_vector->cardinality;
    EXPECT_NE(file.stats->find("\"tightBounds\":false"), std::string::npos) << *file.stats;
  }
  EXPECT_EQ(deleted, 3);
  remove("id < 10");
  EXPECT_EQ(summary(), "9|133\n");
  EXPECT_EQ(live_files().size(), 1U);
}

// A scan has columns of these names, too.
TEST_F(TableDeleteTest, ColumnsMayHaveTheNamesOfHiddenOnes) {
  for (const char* vectors : {"false", "true"}) {
    fs::remove_all(folder_);
    TableWriteOptions options{.location = folder_.string(),
                              .properties = {{"delta.enableDeletionVectors", vectors},
                                             {"delta.enableRowTracking", "true"}}};
    for (int first : {0, 10}) {
      write_table(database_, connection_,
                  "SELECT i AS id, 9 - i % 10 AS file_row_number, 'x' AS File_Index, "
                  "100 + i AS _row_id, 7 AS _row_commit_version FROM range(" +
                      std::to_string(first) + ", " + std::to_string(first + 10) + ") t(i)",
                  {}, options);
      options.properties.clear();
    }
    EXPECT_EQ(remove("file_row_number = 0 OR id = 12").rows, 3);
    EXPECT_EQ(summary(), "17|150\n");
    EXPECT_EQ(rows("SELECT id, _row_id, _row_id_, _row_commit_version_ FROM delta_scan(" +
                   quote_string(folder_.string()) + ") WHERE id IN (8, 13) ORDER BY id"),
              "8|108|8|0\n13|113|13|1\n");
    EXPECT_TRUE(verify_table(database_, folder_.string(), std::nullopt).faults.empty());
  }
}

TEST_F(TableDeleteTest, NothingIsCommittedWhenNoRowMatches) {
  make_table();
  EXPECT_FALSE(remove("id > 100").version);
  EXPECT_EQ(live_files().size(), 2U);
}

TEST_F(TableDeleteTest, WhatCannotBeDoneIsRefusedAndLeavesNothing) {
  make_table();
  EXPECT_EQ(code("no_such_column = 5"), "SQL_INVALID");
  EXPECT_EQ(code("1; DROP TABLE x"), "SQL_INVALID");
  EXPECT_EQ(code("id < random() * 20"), "SQL_INVALID");
  EXPECT_EQ(code("id"), "SQL_INVALID") << "would delete all rows but those with 0";
  EXPECT_EQ(files_on_disk(), 2U);
}

TEST_F(TableDeleteTest, AConditionMayBeNullAndIsTrueOfNoRow) {
  make_table();
  const std::string before = summary();
  for (const char* condition : {"NULL", "(NULL)", "NULL AND id = 1"}) remove(condition);
  EXPECT_EQ(summary(), before);
}

TEST_F(TableDeleteTest, WhatIsRefusedIsNamedInTheWordsOfACondition) {
  make_table();
  EXPECT_EQ(message("nowhere = 5"), "there is no column nowhere");
  EXPECT_EQ(message("id"), "a condition on rows must be true or false, not a BIGINT: (id)");
  EXPECT_EQ(message("count(*) > 1"),
            "aggregate functions are not allowed in an expression over one row");
}

TEST_F(TableDeleteTest, DeletedRowsAreRecordedWhereTheTableHasAChangeFeed) {
  for (const std::string vectors : {"false", "true"}) {
    fs::remove_all(folder_);
    make_table({{"delta.enableChangeDataFeed", "true"}, {"delta.enableDeletionVectors", vectors}});
    remove("id BETWEEN 9 AND 19");  // one row of a file, and all of another one
    EXPECT_EQ(changes(2), "delete|11|154\n");
    EXPECT_TRUE(fs::is_directory(folder_ / "_change_data"));
    EXPECT_EQ(summary(), "9|36\n");
    fs::remove_all(folder_ / "_change_data");
    remove("id < 9");  // all of a file: its remove action tells it
    EXPECT_EQ(changes(3), "delete|9|36\n");
    EXPECT_FALSE(fs::exists(folder_ / "_change_data"));
  }
}

TEST_F(TableDeleteTest, TheChangeFeedIsOnByItsNameOfOldToo) {
  for (const std::string vectors : {"false", "true"}) {
    fs::remove_all(folder_);
    make_table(
        {{"delta.enableChangeDataCapture", "true"}, {"delta.enableDeletionVectors", vectors}});
    remove("id = 5");
    EXPECT_EQ(changes(2), "delete|1|5\n");
    EXPECT_TRUE(fs::is_directory(folder_ / "_change_data"));
  }
}

TEST_F(TableDeleteTest, NowIsOneMoment) {
  for (int i = 0; i < 10; ++i) {
    for (const char* vectors : {"false", "true"}) {
      fs::remove_all(folder_);
      make_table(
          {{"delta.enableChangeDataFeed", "true"}, {"delta.enableDeletionVectors", vectors}});
      EXPECT_EQ(remove("id % 2 = epoch_us(now()) % 2").rows, 10);
      const std::string even = "10|90\n";
      const std::string odd = "10|100\n";
      const std::string left = summary();
      EXPECT_TRUE(left == even || left == odd) << left;
      EXPECT_EQ(changes(2), "delete|" + (left == even ? odd : even));
    }
  }
}

TEST_F(TableDeleteTest, CopiedRowsKeepTheirIds) {
  make_table({{"delta.enableRowTracking", "true"}});
  const std::string ids = "SELECT id, _row_id, _row_commit_version FROM delta_scan(" +
                          quote_string(folder_.string()) + ") WHERE id IN (0, 9, 15) ORDER BY id";
  const std::string before = rows(ids);
  EXPECT_EQ(before, "0|0|0\n9|9|0\n15|15|1\n");
  remove("id IN (4, 12)");
  remove("id = 5");
  EXPECT_EQ(summary(), "17|169\n");
  EXPECT_EQ(rows(ids), before);
}

TEST_F(TableDeleteTest, MappedColumnsAreCopiedByTheirPhysicalNames) {
  make_table({{"delta.columnMapping.mode", "name"}, {"delta.enableChangeDataFeed", "true"}});
  remove("id = 5");
  EXPECT_EQ(summary(), "19|185\n");
  EXPECT_EQ(changes(2), "delete|1|5\n");
  for (const delta::AddFile& file : live_files()) {
    EXPECT_EQ(file.stats->find("\"id\""), std::string::npos) << *file.stats;
    EXPECT_NE(file.stats->find("\"col-"), std::string::npos) << *file.stats;
  }
}

TEST_F(TableDeleteTest, AnAppendOnlyTableLosesNoRow) {
  for (const std::string yes : {"true", "TRUE"}) {
    fs::remove_all(folder_);
    make_table({{"delta.appendOnly", yes}});
    EXPECT_EQ(code("id = 5"), "DELTA_APPEND_ONLY");
    EXPECT_EQ(files_on_disk(), 2U);
  }
}

TEST_F(TableDeleteTest, PropertiesCountInAnyCaseAsInSpark) {
  make_table({{"delta.enableChangeDataFeed", "True"},
              {"delta.enableDeletionVectors", "TRUE"},
              {"delta.enableRowTracking", "TRUE"}});
  remove("id = 5");
  EXPECT_EQ(changes(2), "delete|1|5\n");
  EXPECT_TRUE(fs::is_directory(folder_ / "_change_data"));
  EXPECT_EQ(live_files().size(), 2U);
  EXPECT_EQ(
      rows("SELECT _row_id FROM delta_scan(" + quote_string(folder_.string()) + ") WHERE id = 12"),
      "12\n");
  for (const delta::AddFile& file : live_files()) {
    if (file.path.empty() || !file.deletion_vector) continue;
    EXPECT_EQ(file.deletion_vector->cardinality, 1);
  }
}

}  // namespace
}  // namespace duck
