#include "duck/table_write.h"

#include "base/error.h"
#include "delta/clustering_columns.h"
#include "duck/hand_made_table.h"
#include "duck/sql_text.h"
#include "duck/table_write_fixture.h"

namespace duck {
namespace {

namespace fs = std::filesystem;

class TableWriteTest : public TableWriteFixture {
 protected:
  TableWriteTest() : TableWriteFixture("write") {}

  std::size_t data_files() const {
    std::size_t files = 0;
    for (const auto& entry : fs::recursive_directory_iterator(folder_)) {
      files += entry.path().extension() == ".parquet" ? 1 : 0;
    }
    return files;
  }
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

TEST_F(TableWriteTest, ConditionsMayBeOnFieldsOfStructs) {
  write("SELECT {'x': i} AS s FROM range(4) t(i)");
  options_.mode = WriteMode::kOverwrite;
  options_.replace_where = "s.x >= 2";
  write("SELECT {'x': 7::BIGINT} AS s");
  EXPECT_EQ(table(), "{'x': 0}\n{'x': 1}\n{'x': 7}\n");
  EXPECT_EQ(code("SELECT {'x': 1::BIGINT} AS s"), "DELTA_CONSTRAINT_VIOLATED");
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
  const delta::SnapshotFiles files = snapshot->files();
  EXPECT_EQ(files[0].stats->find("\"s\""), std::string::npos);
  options_.properties = {{"delta.targetFileSize", "huge"}};
  EXPECT_EQ(code("SELECT 1::BIGINT AS id"), "DELTA_PROPERTY_INVALID");
}

TEST_F(TableWriteTest, PropertiesAreCheckedWhetherTheTableIsNewOrNot) {
  for (int round = 0; round < 2; ++round) {
    for (const auto& [key, value] :
         {std::pair("delta.checkpointPolicy", "V2"), std::pair("delta.foo", "1"),
          std::pair("delta.dataSkippingStatsColumns", "nope")}) {
      options_.properties = {{key, value}};
      EXPECT_EQ(code("SELECT 1::BIGINT AS id"), "DELTA_PROPERTY_INVALID") << key << round;
    }
    options_.properties = {{"Delta.RandomizeFilePrefixes", round == 0 ? "true" : "false"}};
    write("SELECT 1::BIGINT AS id");
    const auto snapshot = database_.snapshot(folder_.string(), round);
    EXPECT_EQ(snapshot->metadata().configuration,
              (std::map<std::string, std::string>{
                  {"delta.randomizeFilePrefixes", round == 0 ? "true" : "false"}}));
  }
}

TEST_F(TableWriteTest, ATableMayWantEitherParquetFormatVersion) {
  for (const char* version : {"1.0.0", "2.12.0"}) {
    options_.properties = {{"delta.parquet.format.version", version}};
    write("SELECT 1::BIGINT AS id");
  }
  EXPECT_EQ(table(), "1\n1\n");
  for (const char* version : {"1.0", "2.12", "2.x.0", "2.12.0.1", "3.0.0", "v2", ""}) {
    options_.properties = {{"delta.parquet.format.version", version}};
    EXPECT_EQ(code("SELECT 1::BIGINT AS id"), "DELTA_PROPERTY_INVALID") << version;
  }
}

TEST_F(TableWriteTest, RulesOfATableAreKeptByEveryWrite) {
  HandMadeTable table(connection_, "ruled");
  const std::string query = "SELECT 1::BIGINT AS id, 2::BIGINT AS twice, 'x' AS s";
  delta::Schema schema = delta::parse_schema(table.schema_of(query));
  schema.fields[1].metadata["delta.generationExpression"] = "id * 2";
  schema.fields[2].metadata["CURRENT_DEFAULT"] = "'none'";
  delta::Protocol protocol;
  protocol.min_writer_version = 4;
  table.commit({protocol,
                table.metadata(delta::to_json(schema), {}, {{"delta.constraints.c", "id > 0"}}),
                table.file(query)});
  options_.location = table.location();
  const std::string all = "FROM delta_scan(" + quote_string(table.location()) + ") ORDER BY ALL";
  write("SELECT 5::BIGINT AS id");
  EXPECT_EQ(rows(all), "1|2|x\n5|10|none\n");
  EXPECT_EQ(code("SELECT -1::BIGINT AS id"), "DELTA_CONSTRAINT_VIOLATED");
  EXPECT_EQ(code("SELECT 1::BIGINT AS id, 3::BIGINT AS twice"), "DELTA_CONSTRAINT_VIOLATED");
  options_.mode = WriteMode::kOverwrite;
  EXPECT_EQ(code("SELECT -1::BIGINT AS id"), "DELTA_CONSTRAINT_VIOLATED");
  options_.replace_where = "id = 5";
  write("SELECT 5::BIGINT AS id, 'y' AS s");
  EXPECT_EQ(rows(all), "1|2|x\n5|10|y\n");
  options_.replace_where.reset();
  write("SELECT 7::BIGINT AS id");
  EXPECT_EQ(rows(all), "7|14|none\n");
}

TEST_F(TableWriteTest, OnlyThePartitionsOfTheRowsAreOverwritten) {
  options_.partition_by = {"day", "p"};
  write(
      "SELECT i AS id, DATE '2024-01-01' + (i // 2)::INTEGER AS day, nullif(i % 2, 1)::INTEGER "
      "AS p FROM range(6) t(i)");
  options_.mode = WriteMode::kOverwrite;
  options_.only_partitions_of_rows = true;
  write(
      "SELECT 100::BIGINT AS id, DATE '2024-01-02' AS day, NULL::INTEGER AS p UNION ALL "
      "SELECT 200, DATE '2024-02-01', 0");
  EXPECT_EQ(rows("SELECT id FROM delta_scan(" + quote_string(folder_.string()) + ") ORDER BY 1"),
            "0\n1\n2\n4\n5\n100\n200\n");
  options_.mode = WriteMode::kAppend;
  EXPECT_EQ(code("SELECT 1::BIGINT AS id"), "USAGE");
}

TEST_F(TableWriteTest, WithoutPartitionsTheWholeTableIsOverwritten) {
  write("SELECT 1::BIGINT AS id");
  options_.mode = WriteMode::kOverwrite;
  options_.only_partitions_of_rows = true;
  write("SELECT 2::BIGINT AS id");
  EXPECT_EQ(table(), "2\n");
}

TEST_F(TableWriteTest, ReplacedPartsOfFilesAreRecordedInTheChangeFeedWithTheRowsThatCome) {
  options_.properties = {{"delta.enableChangeDataFeed", "true"}};
  options_.partition_by = {"p"};
  write("SELECT i AS id, i % 2 AS p FROM range(6) t(i)");
  options_.mode = WriteMode::kOverwrite;
  options_.replace_where = "id >= 4";
  write("SELECT 10::BIGINT AS id, 0::BIGINT AS p");
  EXPECT_EQ(table(), "0|0\n1|1\n2|0\n3|1\n10|0\n");
  EXPECT_EQ(rows("SELECT _change_type, id, p FROM delta_changes(" + quote_string(folder_.string()) +
                 ", 1, 1) ORDER BY ALL"),
            "delete|4|0\ndelete|5|1\ninsert|10|0\n");
}

TEST_F(TableWriteTest, AChangeFeedThatAWriteTurnsOnTellsWhatItReplaces) {
  write("SELECT i AS id FROM range(4) t(i)");
  options_.mode = WriteMode::kOverwrite;
  options_.replace_where = "id = 1";
  options_.properties = {{"delta.enableChangeDataFeed", "true"}};
  write("SELECT 1::BIGINT AS id");
  EXPECT_EQ(table(), "0\n1\n2\n3\n");
  EXPECT_EQ(rows("SELECT _change_type, id FROM delta_changes(" + quote_string(folder_.string()) +
                 ", 1, 1) ORDER BY ALL"),
            "delete|1\ninsert|1\n");
}

TEST_F(TableWriteTest, AConstraintIsNotPutOnRowsThatNobodyChecked) {
  options_.properties = {{"delta.constraints.big", "id > 100"}};
  EXPECT_EQ(code("SELECT 1::BIGINT AS id"), "DELTA_CONSTRAINT_VIOLATED");
  options_.properties.clear();
  write("SELECT 1::BIGINT AS id");
  options_.properties = {{"delta.constraints.big", "id > 100"}};
  EXPECT_EQ(code("SELECT 200::BIGINT AS id"), "USAGE");
  options_.mode = WriteMode::kOverwrite;
  write("SELECT 200::BIGINT AS id");
  options_.mode = WriteMode::kAppend;
  write("SELECT 300::BIGINT AS id");
  EXPECT_EQ(table(), "200\n300\n");
  options_.properties = {{"delta.constraints.big", "id > 1"}};
  EXPECT_EQ(code("SELECT 200::BIGINT AS id"), "USAGE");
}

TEST_F(TableWriteTest, PartitionColumnsAreSpelledAsInTheSchema) {
  options_.partition_by = {"DAY"};
  write("SELECT 1 AS id, 'a' AS day");
  write("SELECT 2 AS id, 'b' AS Day");
  options_.partition_by = {"Day"};
  options_.mode = WriteMode::kOverwrite;
  options_.only_partitions_of_rows = true;
  write("SELECT 3 AS id, 'a' AS day");
  EXPECT_EQ(table(), "2|b\n3|a\n");
  const auto snapshot = database_.snapshot(options_.location, std::nullopt);
  EXPECT_EQ(snapshot->metadata().partition_columns, std::vector<std::string>{"day"});
  for (const delta::AddFile& file : snapshot->files()) {
    EXPECT_TRUE(file.partition_values.contains("day"));
  }
}

TEST_F(TableWriteTest, MappedTablesAreMadeWidenedAndOverwritten) {
  options_.properties = {{"delta.columnMapping.mode", "id"}};
  options_.partition_by = {"p"};
  write("SELECT 1::BIGINT AS id, {'x': 2::BIGINT} AS s, 'a/b' AS p");
  options_.properties.clear();
  options_.merge_schema = true;
  write("SELECT 3::BIGINT AS id, 'c' AS p, {'y': 4::BIGINT} AS t");
  EXPECT_EQ(table(), "1|{'x': 2}|a/b|NULL\n3|NULL|c|{'y': 4}\n");
  const auto snapshot = database_.snapshot(folder_.string(), 1);
  for (const delta::AddFile& file : snapshot->files()) {
    EXPECT_FALSE(file.partition_values.contains("p"));
    EXPECT_EQ(file.partition_values.size(), 1U);
  }
  options_.mode = WriteMode::kOverwrite;
  options_.only_partitions_of_rows = true;
  write("SELECT 9::BIGINT AS id, 'c' AS p");
  EXPECT_EQ(table(), "1|{'x': 2}|a/b|NULL\n9|NULL|c|NULL\n");
  options_.only_partitions_of_rows = false;
  options_.merge_schema = false;
  options_.overwrite_schema = true;
  options_.partition_by = {"other"};
  write("SELECT 5::INTEGER AS id, 'o' AS other");
  EXPECT_EQ(table(), "5|o\n");
}

TEST_F(TableWriteTest, TablesAreMadeToBeClustered) {
  options_.cluster_by = {"id", "s.x"};
  write("SELECT 1::BIGINT AS id, {'x': 2::BIGINT} AS s");
  EXPECT_EQ(delta::clustering_columns(*database_.snapshot(folder_.string(), 0)),
            (std::vector<std::vector<std::string>>{{"id"}, {"s", "x"}}));
  EXPECT_EQ(code("SELECT 1::BIGINT AS id"), "DELTA_SCHEMA_MISMATCH");
}

TEST_F(TableWriteTest, AppendedRowsGetIdsOfTheirOwn) {
  options_.properties = {{"delta.enableRowTracking", "true"}};
  write("SELECT i AS id FROM range(3) t(i)");
  options_.properties.clear();
  write("SELECT 3::BIGINT AS id");
  EXPECT_EQ(rows("SELECT id, _row_id, _row_commit_version FROM delta_scan(" +
                 quote_string(folder_.string()) + ") ORDER BY 1"),
            "0|0|0\n1|1|0\n2|2|0\n3|3|1\n");
}

}  // namespace
}  // namespace duck
