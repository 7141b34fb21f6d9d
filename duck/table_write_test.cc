#include "duck/table_write.h"

#include "base/error.h"
#include "duck/hand_made_table.h"

namespace duck {
namespace {

namespace fs = std::filesystem;

class TableWriteTest : public ScanTest {
 protected:
  TableWriteTest() : folder_(fs::path(testing::TempDir()) / ("write-" + std::to_string(getpid()))) {
    fs::remove_all(folder_);
    options_.location = folder_.string();
  }
  ~TableWriteTest() override { fs::remove_all(folder_); }

  TableWriteResult write(const std::string& query) {
    return write_table(database_, connection_, query, {}, options_);
  }
  std::string code(const std::string& query) {
    try {
      write(query);
    } catch (const base::Error& error) {
      return error.code();
    }
    return "";
  }
  std::string table() {
    return rows("FROM delta_scan(" + quote_string(folder_.string()) + ") ORDER BY ALL");
  }
  std::size_t data_files() const {
    std::size_t files = 0;
    for (const auto& entry : fs::recursive_directory_iterator(folder_)) {
      files += entry.path().extension() == ".parquet" ? 1 : 0;
    }
    return files;
  }

  fs::path folder_;
  TableWriteOptions options_;
};

TEST_F(TableWriteTest, CreatesAppendsAndOverwrites) {
  EXPECT_EQ(write("SELECT 1::BIGINT AS id, 'a' AS name").version, 0);
  EXPECT_EQ(write("SELECT 'b' AS NAME, 2::BIGINT AS id").version, 1);
  EXPECT_EQ(table(), "1|a\n2|b\n");
  options_.mode = WriteMode::kOverwrite;
  const TableWriteResult result = write("SELECT 3::INTEGER AS id");
  EXPECT_EQ(result.version, 2);
  EXPECT_EQ(result.rows, 1);
  EXPECT_EQ(table(), "3|NULL\n");
  options_.mode = WriteMode::kErrorIfExists;
  EXPECT_EQ(code("SELECT 4::BIGINT AS id"), "DELTA_TABLE_EXISTS");
}

TEST_F(TableWriteTest, NewColumnsNeedToBeAskedFor) {
  write("SELECT 1::BIGINT AS id");
  EXPECT_EQ(code("SELECT 2::BIGINT AS id, 'x' AS extra"), "DELTA_SCHEMA_MISMATCH");
  EXPECT_EQ(data_files(), 1U);
  options_.merge_schema = true;
  write("SELECT 2::BIGINT AS id, 'x' AS extra");
  EXPECT_EQ(table(), "1|NULL\n2|x\n");
}

TEST_F(TableWriteTest, ValuesThatTheColumnCannotHoldAreRefused) {
  write("SELECT 1::INTEGER AS id");
  EXPECT_EQ(code("SELECT 1.5::DOUBLE AS id"), "DELTA_SCHEMA_MISMATCH");
}

TEST_F(TableWriteTest, ATransactionIsWrittenOnce) {
  options_.transaction = delta::SetTransaction{.app_id = "load", .version = 7};
  write("SELECT 1::BIGINT AS id");
  const TableWriteResult again = write("SELECT 1::BIGINT AS id");
  EXPECT_TRUE(again.already_written);
  EXPECT_EQ(table(), "1\n");
  options_.transaction->version = 8;
  EXPECT_FALSE(write("SELECT 2::BIGINT AS id").already_written);
  EXPECT_EQ(table(), "1\n2\n");
}

TEST_F(TableWriteTest, ReplaceWhereTakesThePlaceOfMatchingRowsOnly) {
  options_.partition_by = {"p"};
  write("SELECT i AS id, (i % 2)::VARCHAR AS p FROM range(6) t(i)");
  options_.mode = WriteMode::kOverwrite;
  options_.replace_where = "p = '1'";
  write("SELECT 100::BIGINT AS id, '1' AS p");
  EXPECT_EQ(table(), "0|0\n2|0\n4|0\n100|1\n");
  options_.replace_where = "id >= 4";
  write("SELECT 7::BIGINT AS id, '0' AS p");
  EXPECT_EQ(table(), "0|0\n2|0\n7|0\n");
}

TEST_F(TableWriteTest, ARowOutsideOfReplaceWhereIsRefusedAndLeavesNothing) {
  write("SELECT i AS id FROM range(6) t(i)");
  options_.mode = WriteMode::kOverwrite;
  options_.replace_where = "id >= 4";
  EXPECT_EQ(code("SELECT 1::BIGINT AS id"), "DELTA_CONSTRAINT_VIOLATED");
  EXPECT_EQ(data_files(), 1U);
  EXPECT_EQ(table(), "0\n1\n2\n3\n4\n5\n");
}

TEST_F(TableWriteTest, PropertiesDecideFileSizesAndStatistics) {
  options_.properties = {{"delta.targetFileSize", "200kb"},
                         {"delta.dataSkippingNumIndexedCols", "1"}};
  write("SELECT i AS id, md5(i::VARCHAR) AS s FROM range(400000) t(i)");
  const auto snapshot = database_.snapshot(folder_.string(), 0);
  EXPECT_GT(snapshot->files().size(), 2U);
  EXPECT_EQ(snapshot->files().at(0).stats->find("\"s\""), std::string::npos);
  options_.properties = {{"delta.targetFileSize", "huge"}};
  EXPECT_EQ(code("SELECT 1::BIGINT AS id"), "DELTA_PROPERTY_INVALID");
}

TEST_F(TableWriteTest, ConstraintsOfATableAreNeverSkipped) {
  HandMadeTable table(connection_, "constrained");
  const std::string query = "SELECT 1::BIGINT AS id";
  table.commit({HandMadeTable::protocol(),
                table.metadata(table.schema_of(query), {}, {{"delta.constraints.c", "id > 0"}}),
                table.file(query)});
  options_.location = table.location();
  EXPECT_EQ(code("SELECT -1::BIGINT AS id"), "DELTA_UNSUPPORTED_FEATURE");
}

}  // namespace
}  // namespace duck
