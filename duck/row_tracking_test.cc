// Row ids and row commit versions as delta_scan gives them.
#include "base/error.h"
#include "duck/hand_made_table.h"
#include "duck/scan_test_base.h"

namespace duck {
namespace {

class RowTracking : public ScanTest {
 protected:
  // Three files: as written, with ids moved along from elsewhere for some rows, and with deleted
  // rows.
  void make_table(HandMadeTable& table) {
    const std::map<std::string, std::string> configuration = {
        {"delta.enableRowTracking", "true"},
        {"delta.rowTracking.materializedRowIdColumnName", "_row-id-col-1"},
        {"delta.rowTracking.materializedRowCommitVersionColumnName", "_row-version-col-1"}};
    delta::AddFile fresh = table.file("SELECT i AS n FROM range(3) r(i)");
    fresh.base_row_id = 100;
    fresh.default_row_commit_version = 1;
    delta::AddFile moved = table.file(
        "SELECT n, id AS \"_row-id-col-1\", version AS \"_row-version-col-1\" FROM "
        "(VALUES (10, 7, 0), (11, NULL, NULL), (12, 9, NULL)) t(n, id, version)");
    moved.base_row_id = 200;
    moved.default_row_commit_version = 2;
    delta::AddFile deleted = table.file("SELECT 20 + i AS n FROM range(40) r(i)");
    deleted.base_row_id = 300;
    deleted.default_row_commit_version = 3;
    // Rows 3, 4, 7, 11, 18 and 29.
    deleted.deletion_vector = delta::DeletionVectorDescriptor{
        .storage_type = "i",
        .path_or_inline_dv = "^Bg9^0rr910000000000iXQKl0rr91000f55c8Xg0@@D72lkbi5=-{L",
        .offset = std::nullopt,
        .size_in_bytes = 44,
        .cardinality = 6};
    table.commit({protocol(),
                  table.metadata(table.schema_of("SELECT 1::BIGINT AS n"), {}, configuration),
                  fresh, moved, deleted});
  }

  static delta::Protocol protocol() {
    delta::Protocol protocol =
        HandMadeTable::protocol({"deletionVectors", "rowTracking", "domainMetadata"});
    protocol.reader_features = {"deletionVectors"};
    return protocol;
  }
};

TEST_F(RowTracking, AnswersWhoAsks) {
  HandMadeTable table(connection_, "row-ids");
  make_table(table);
  EXPECT_EQ(rows("SELECT n, _row_id, _row_commit_version FROM " + table.scan() +
                 " WHERE n < 26 ORDER BY n"),
            "0|100|1\n1|101|1\n2|102|1\n"
            "10|7|0\n11|201|2\n12|9|2\n"
            "20|300|3\n21|301|3\n22|302|3\n25|305|3\n");
  EXPECT_EQ(rows("FROM " + table.scan() + " WHERE n = 11"), "11\n");
}

TEST_F(RowTracking, RowIdsCanBeFilteredJoinedAndSorted) {
  HandMadeTable table(connection_, "row-id-filters");
  make_table(table);
  const std::string from = "SELECT n FROM " + table.scan();
  EXPECT_EQ(rows(from + " WHERE _row_id = 201"), "11\n");
  EXPECT_EQ(rows(from + " WHERE _row_id IN (7, 102, 304) ORDER BY n"), "2\n10\n");
  EXPECT_EQ(rows(from + " WHERE _row_id < 100 AND _row_commit_version = 2"), "12\n");
  EXPECT_EQ(rows(from + " WHERE _row_commit_version < 2 ORDER BY n"), "0\n1\n2\n10\n");
  EXPECT_EQ(rows(from + " ORDER BY _row_id DESC LIMIT 2"), "59\n58\n");
  connection_.execute("CREATE TABLE wanted AS SELECT unnest([9, 301]) AS id");
  EXPECT_EQ(rows(from + " JOIN wanted ON _row_id = id ORDER BY n"), "12\n21\n");
  EXPECT_EQ(rows("SELECT count(*), count(DISTINCT _row_id) FROM " + table.scan()), "40|40\n");
}

TEST_F(RowTracking, OtherTablesHaveNoRowIds) {
  HandMadeTable table(connection_, "no-row-ids");
  table.commit({HandMadeTable::protocol(), table.metadata(table.schema_of("SELECT 1 AS n")),
                table.file("SELECT 1 AS n")});
  EXPECT_THROW(rows("SELECT _row_id FROM " + table.scan()), base::Error);
}

TEST_F(RowTracking, AFileWithoutItsFirstRowIdIsNamed) {
  HandMadeTable table(connection_, "lost-row-ids");
  table.commit(
      {protocol(),
       table.metadata(table.schema_of("SELECT 1 AS n"), {}, {{"delta.enableRowTracking", "true"}}),
       table.file("SELECT 1 AS n")});
  EXPECT_EQ(rows("FROM " + table.scan()), "1\n");
  try {
    rows("SELECT _row_id FROM " + table.scan());
    FAIL() << "there was a row id";
  } catch (const base::Error& error) {
    EXPECT_EQ(error.code(), "DELTA_LOG_CORRUPT");
    EXPECT_EQ(error.details().at("path"), "part-0.parquet");
  }
}

}  // namespace
}  // namespace duck
