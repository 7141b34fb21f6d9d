#include "duck/delta_scan.h"

#include "base/error.h"
#include "duck/hand_made_table.h"
#include "duck/scan_test_base.h"

namespace duck {
namespace {

class DeltaScan : public ScanTest {
 protected:
  // Ten files of a hundred numbers each, in the order of the numbers, with statistics.
  void make_numbers(HandMadeTable& table) {
    const std::string query = "SELECT i AS n, 'name ' || i AS s, i % 7 AS m FROM range(";
    std::vector<delta::Action> actions = {HandMadeTable::protocol(),
                                          table.metadata(table.schema_of(query + "0) r(i)"))};
    for (int start = 0; start < 1000; start += 100) {
      actions.emplace_back(
          table.file(query + std::to_string(start) + ", " + std::to_string(start + 100) + ") r(i)",
                     {"n", "s"}));
    }
    table.commit(actions);
  }

  std::string code_of(const std::string& query, std::string* message = nullptr) {
    try {
      connection_.query(query);
    } catch (const base::Error& error) {
      EXPECT_EQ(error.message().find('\n'), std::string::npos) << error.message();
      if (message != nullptr) *message = error.message();
      return error.code();
    }
    return "";
  }
};

TEST_F(DeltaScan, ReadsAllRowsOfAllFiles) {
  HandMadeTable table(connection_, "all-rows");
  make_numbers(table);
  EXPECT_EQ(rows("SELECT count(*), sum(n), min(s), max(m) FROM " + table.scan()),
            "1000|499500|name 0|6\n");
}

TEST_F(DeltaScan, StatisticsLeaveOutFiles) {
  HandMadeTable table(connection_, "statistics");
  make_numbers(table);
  const std::string from = "SELECT n FROM " + table.scan();
  EXPECT_EQ(files_read(from), "10 of 10");
  EXPECT_EQ(files_read(from + " WHERE n BETWEEN 150 AND 250"), "2 of 10");
  EXPECT_EQ(files_read(from + " WHERE n IN (5, 995)"), "2 of 10");
  EXPECT_EQ(files_read(from + " WHERE n < 100 OR n > 899"), "2 of 10");
  EXPECT_EQ(files_read(from + " WHERE NOT (n >= 100)"), "1 of 10");
  EXPECT_EQ(files_read(from + " WHERE s || 'x' = 'name 7x'"), "10 of 10");
  EXPECT_EQ(files_read(from + " WHERE n IS NULL"), "0 of 10");
  EXPECT_EQ(count(from + " WHERE n BETWEEN 150 AND 250"), 101);
  EXPECT_EQ(count(from + " WHERE n IS NULL"), 0);
}

TEST_F(DeltaScan, BoundParametersLeaveOutFilesToo) {
  HandMadeTable table(connection_, "parameters");
  make_numbers(table);
  EXPECT_EQ(files_read("SELECT n FROM " + table.scan() + " WHERE n = $1", {std::int64_t{250}}),
            "1 of 10");
}

TEST_F(DeltaScan, TheOtherSideOfAJoinLeavesOutFiles) {
  HandMadeTable table(connection_, "join");
  make_numbers(table);
  connection_.execute("CREATE TABLE wanted AS SELECT 500 + i AS n FROM range(20) r(i)");
  const std::string query = "SELECT count(s) FROM " + table.scan() + " JOIN wanted USING (n)";
  EXPECT_EQ(rows(query), "20\n");
  EXPECT_EQ(files_read_when_run(query), "1 of 10");
}

TEST_F(DeltaScan, CountsAreAnsweredFromTheLog) {
  HandMadeTable table(connection_, "count");
  make_numbers(table);
  std::filesystem::remove(table.folder() / "part-3.parquet");
  EXPECT_EQ(rows("SELECT count(*) FROM " + table.scan()), "1000\n");
}

TEST_F(DeltaScan, TheBestRowsAreFetchedLate) {
  HandMadeTable table(connection_, "late");
  make_numbers(table);
  EXPECT_EQ(rows("FROM " + table.scan() + " ORDER BY n DESC LIMIT 2"),
            "999|name 999|5\n998|name 998|4\n");
  EXPECT_EQ(rows("FROM " + table.scan() + " WHERE n > 450 AND m = 3 ORDER BY n LIMIT 2"),
            "451|name 451|3\n458|name 458|3\n");
}

TEST_F(DeltaScan, TheBestRowsNeedNoOtherFiles) {
  HandMadeTable table(connection_, "late-files");
  make_numbers(table);
  const auto plan = connection_.query("EXPLAIN (ANALYZE, FORMAT json) FROM " + table.scan() +
                                      " ORDER BY n DESC LIMIT 2");
  const std::string& text = std::get<std::string>(plan.rows.at(0).at(1));
  EXPECT_NE(text.find("\"Total Files Read\": \"1\""), std::string::npos) << text;
}

TEST_F(DeltaScan, ATableMayBeScannedTwiceInOneQuery) {
  HandMadeTable table(connection_, "twice");
  make_numbers(table);
  EXPECT_EQ(rows("WITH t AS (FROM " + table.scan() +
                 ") SELECT count(*) FROM t a JOIN t b "
                 "ON a.n = b.n + 1 WHERE a.n < 200 AND b.m = 0"),
            "29\n");
}

TEST_F(DeltaScan, PartitionValuesHaveTheirTypes) {
  HandMadeTable table(connection_, "partitions");
  const std::string schema = table.schema_of(
      "SELECT 1::BIGINT AS v, ''::VARCHAR AS s, DATE '2000-01-01' AS d, 1.5::DECIMAL(5,2) AS c, "
      "TIMESTAMPTZ '2000-01-01 00:00:00+00' AS t");
  table.commit(
      {HandMadeTable::protocol(), table.metadata(schema, {"s", "d", "c", "t"}),
       table.file(
           "SELECT 1::BIGINT AS v", {"v"},
           {{"s", "a=b/c %"}, {"d", "2024-02-29"}, {"c", "1.50"}, {"t", "2024-02-29 12:00:00.5"}}),
       table.file(
           "SELECT 2::BIGINT AS v", {"v"},
           {{"s", std::nullopt}, {"d", std::nullopt}, {"c", std::nullopt}, {"t", std::nullopt}})});
  EXPECT_EQ(rows("FROM " + table.scan() + " ORDER BY v"),
            "1|a=b/c %|2024-02-29|1.50|2024-02-29 12:00:00.5+00\n2|NULL|NULL|NULL|NULL\n");
  const std::string from = "SELECT v FROM " + table.scan();
  EXPECT_EQ(files_read(from + " WHERE d = DATE '2024-02-29'"), "1 of 2");
  EXPECT_EQ(files_read(from + " WHERE s IS NULL"), "1 of 2");
  EXPECT_EQ(rows(from + " WHERE s IS NULL"), "2\n");
  EXPECT_EQ(rows(from + " WHERE c < 2"), "1\n");
  EXPECT_EQ(rows(from + " WHERE t > TIMESTAMPTZ '2024-02-29 00:00:00+00' AND s <> 'x'"), "1\n");
  EXPECT_EQ(rows(from + " WHERE length(s) = 7 OR v = 2 ORDER BY v"), "1\n2\n");
  EXPECT_EQ(rows("SELECT s, count(*) FROM " + table.scan() + " GROUP BY s ORDER BY s"),
            "a=b/c %|1\nNULL|1\n");
}

TEST_F(DeltaScan, AVersionStaysWhatItWas) {
  HandMadeTable table(connection_, "versions");
  const std::string schema = table.schema_of("SELECT 1::BIGINT AS a");
  table.commit(
      {HandMadeTable::protocol(), table.metadata(schema), table.file("SELECT 1::BIGINT AS a")});
  EXPECT_EQ(rows("FROM " + table.scan()), "1\n");
  table.commit({table.file("SELECT 2::BIGINT AS a")});
  EXPECT_EQ(rows("FROM " + table.scan() + " ORDER BY a"), "1\n2\n");
  EXPECT_EQ(rows("FROM " + table.scan(0)), "1\n");
  EXPECT_EQ(code_of("FROM " + table.scan(7)), "DELTA_VERSION_NOT_FOUND");
}

TEST_F(DeltaScan, ARegisteredTableIsAViewOfOneVersion) {
  HandMadeTable table(connection_, "register");
  const std::string schema = table.schema_of("SELECT 1::BIGINT AS a");
  table.commit(
      {HandMadeTable::protocol(), table.metadata(schema), table.file("SELECT 1::BIGINT AS a")});
  const std::string name = "odd \"name\"; DROP TABLE x";
  database_.register_table(name, database_.snapshot(table.location(), std::nullopt));
  table.commit({table.file("SELECT 2::BIGINT AS a")});
  EXPECT_EQ(rows("FROM " + quote_identifier(name)), "1\n");
  Connection other(database_);
  EXPECT_EQ(std::get<std::int64_t>(other.query("FROM " + quote_identifier(name)).rows[0][0]), 1);
}

TEST_F(DeltaScan, AnUnloggedFileIsNotRead) {
  HandMadeTable table(connection_, "unlogged");
  const std::string schema = table.schema_of("SELECT 1::BIGINT AS a");
  table.commit(
      {HandMadeTable::protocol(), table.metadata(schema), table.file("SELECT 1::BIGINT AS a")});
  table.file("SELECT 2::BIGINT AS a");
  EXPECT_EQ(rows("FROM " + table.scan()), "1\n");
}

TEST_F(DeltaScan, AnEmptyTableHasItsColumns) {
  HandMadeTable table(connection_, "empty");
  table.commit({HandMadeTable::protocol(),
                table.metadata(table.schema_of("SELECT 1::BIGINT AS a, 'x' AS b"))});
  EXPECT_EQ(rows("FROM " + table.scan()), "");
  EXPECT_EQ(rows("SELECT count(*), max(b) FROM " + table.scan()), "0|NULL\n");
}

TEST_F(DeltaScan, NotANumberIsNeverLeftOut) {
  HandMadeTable table(connection_, "nan");
  const std::string query = "SELECT unnest(['1', '2', 'NaN'])::DOUBLE AS x";
  delta::AddFile file = table.file(query);
  file.stats =
      R"({"numRecords":3,"minValues":{"x":1.0},"maxValues":{"x":2.0},"nullCount":{"x":0}})";
  table.commit({HandMadeTable::protocol(), table.metadata(table.schema_of(query)), file});
  EXPECT_EQ(rows("FROM " + table.scan() + " WHERE x > 5"), "nan\n");
  EXPECT_EQ(rows("FROM " + table.scan() + " WHERE x = 'NaN'::DOUBLE"), "nan\n");
}

// Rows 3, 4, 7, 11, 18 and 29.
const delta::DeletionVectorDescriptor kSixRows = {
    .storage_type = "i",
    .path_or_inline_dv = "^Bg9^0rr910000000000iXQKl0rr91000f55c8Xg0@@D72lkbi5=-{L",
    .offset = std::nullopt,
    .size_in_bytes = 44,
    .cardinality = 6};

TEST_F(DeltaScan, DeletedRowsAreLeftOut) {
  HandMadeTable table(connection_, "deleted");
  const std::string query = "SELECT i AS n FROM range(10000) r(i)";
  delta::AddFile file = table.file(query, {"n"}, {}, ", ROW_GROUP_SIZE 2048");
  file.deletion_vector = kSixRows;
  table.commit(
      {HandMadeTable::protocol({"deletionVectors"}), table.metadata(table.schema_of(query)), file});
  EXPECT_EQ(rows("SELECT count(*) FROM " + table.scan()), "9994\n");
  EXPECT_EQ(rows("SELECT count(*), sum(n) FROM " + table.scan() + " WHERE n >= 0"),
            "9994|49994928\n");
  EXPECT_EQ(rows("FROM " + table.scan() + " WHERE n < 10"), "0\n1\n2\n5\n6\n8\n9\n");
  EXPECT_EQ(rows("FROM " + table.scan() + " WHERE n IN (29, 30, 5000)"), "30\n5000\n");
  EXPECT_EQ(rows("SELECT n FROM " + table.scan() + " ORDER BY n LIMIT 4"), "0\n1\n2\n5\n");
}

TEST_F(DeltaScan, ConditionsThatFailAreNotAskedOfDeletedRows) {
  HandMadeTable table(connection_, "failing");
  const std::string query =
      "SELECT CASE WHEN i IN (3, 4, 7, 11, 18, 29) THEN 'oops' ELSE i::VARCHAR END AS s, "
      "{'s': s} AS part FROM range(40) r(i)";
  delta::AddFile file = table.file(query);
  file.deletion_vector = kSixRows;
  table.commit(
      {HandMadeTable::protocol({"deletionVectors"}), table.metadata(table.schema_of(query)), file});
  for (const char* const condition :
       {"s::INTEGER > 36", "part.s::INTEGER > 36", "s::INTEGER > 36 OR s::INTEGER < -5",
        "s <> 'oops' AND CASE WHEN s = 'oops' THEN error('asked') ELSE s::INTEGER > 36 END"}) {
    EXPECT_EQ(rows("SELECT s FROM " + table.scan() + " WHERE " + condition), "37\n38\n39\n")
        << condition;
  }
}

TEST_F(DeltaScan, FaultsNameThePlace) {
  std::string message;
  EXPECT_EQ(code_of("FROM delta_scan('/nowhere/at/all')"), "DELTA_TABLE_NOT_FOUND");

  HandMadeTable table(connection_, "faults");
  make_numbers(table);
  std::filesystem::remove(table.folder() / "part-3.parquet");
  EXPECT_EQ(code_of("SELECT sum(n) FROM " + table.scan(), &message), "DELTA_DATA_FILE_MISSING");
  EXPECT_NE(message.find("part-3.parquet"), std::string::npos) << message;
  EXPECT_NE(message.find("vacuum"), std::string::npos) << message;

  std::filesystem::resize_file(table.folder() / "part-4.parquet", 100);
  EXPECT_EQ(
      code_of("SELECT sum(n) FROM " + table.scan() + " WHERE n BETWEEN 400 AND 450", &message),
      "DELTA_DATA_FILE_UNREADABLE");
  EXPECT_NE(message.find("part-4.parquet"), std::string::npos) << message;
  EXPECT_EQ(code_of("FROM delta_scan(" + quote_string(table.location()) + ", version := -1)"),
            "SQL_INVALID");
}

TEST_F(DeltaScan, AnotherFileInTheOldOnesPlaceIsNotRead) {
  HandMadeTable table(connection_, "replaced");
  const std::string query = "SELECT i AS n FROM range(5000) r(i)";
  table.commit(
      {HandMadeTable::protocol(), table.metadata(table.schema_of(query)), table.file(query)});
  table.file("SELECT i * 2 AS n FROM range(4000) r(i)");
  std::filesystem::rename(table.folder() / "part-1.parquet", table.folder() / "part-0.parquet");
  std::string message;
  EXPECT_EQ(code_of("SELECT sum(n) FROM " + table.scan(), &message), "DELTA_DATA_FILE_UNREADABLE");
  EXPECT_NE(message.find("part-0.parquet"), std::string::npos) << message;
  EXPECT_NE(message.find("as the log says"), std::string::npos) << message;
}

TEST_F(DeltaScan, AFileThatTheLogSaysIsEmptyIsNotRead) {
  for (const std::int64_t size : {0, -1}) {
    HandMadeTable table(connection_, "sizes");
    delta::AddFile file = table.file("SELECT 1::BIGINT AS n");
    file.size = size;
    table.commit({HandMadeTable::protocol(),
                  table.metadata(table.schema_of("SELECT 1::BIGINT AS n")), file});
    EXPECT_EQ(code_of("FROM " + table.scan()), "DELTA_DATA_FILE_UNREADABLE") << size;
  }
}

TEST_F(DeltaScan, PlansNameTheTable) {
  HandMadeTable table(connection_, "plan");
  make_numbers(table);
  const auto explained =
      connection_.query("EXPLAIN SELECT n FROM " + table.scan() + " WHERE n < 5");
  const std::string& plan = std::get<std::string>(explained.rows.at(0).at(1));
  EXPECT_NE(plan.find("DELTA_SCAN"), std::string::npos) << plan;
  EXPECT_NE(plan.find("1 of 10"), std::string::npos) << plan;
}

}  // namespace
}  // namespace duck
