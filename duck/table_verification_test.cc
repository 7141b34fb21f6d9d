#include "duck/table_verification.h"

#include <fstream>

#include "duck/hand_made_table.h"
#include "duck/scan_test_base.h"

namespace duck {
namespace {

class TableVerification : public ScanTest {
 protected:
  static constexpr const char* kRows =
      "SELECT i AS n, 'name ' || i AS s, i * 0.1::DOUBLE AS d, CASE WHEN i > 3 THEN i END AS gap, "
      "TIMESTAMPTZ '2024-01-01 00:00:00+00' + to_microseconds(i) AS t, {x: i} AS inside "
      "FROM range(10) r(i)";

  delta::AddFile file(HandMadeTable& table) {
    return table.file(kRows, {"n", "s", "d", "gap", "t", "inside"});
  }

  void commit(HandMadeTable& table, const delta::AddFile& file) {
    table.commit({HandMadeTable::protocol({"deletionVectors"}),
                  table.metadata(table.schema_of(kRows)), file});
  }

  // The faults, one a line.
  std::string faults(const HandMadeTable& table) {
    std::string text;
    for (const TableFault& fault : verify_table(database_, table.location(), std::nullopt).faults) {
      text += fault.place + ": " + fault.what + "\n";
    }
    return text;
  }

  static void replace(std::string& text, const std::string& old, const std::string& with) {
    const std::size_t at = text.find(old);
    ASSERT_NE(at, std::string::npos) << text;
    text.replace(at, old.size(), with);
  }

  // Rows 3, 4, 7, 11, 18 and 29.
  static delta::DeletionVectorDescriptor six_rows() {
    return {.storage_type = "i",
            .path_or_inline_dv = "^Bg9^0rr910000000000iXQKl0rr91000f55c8Xg0@@D72lkbi5=-{L",
            .offset = std::nullopt,
            .size_in_bytes = 44,
            .cardinality = 6};
  }
};

TEST_F(TableVerification, ASoundTableHasNoFaults) {
  HandMadeTable table(connection_, "sound");
  commit(table, file(table));
  EXPECT_EQ(faults(table), "");
  const VerifiedTable verified = verify_table(database_, table.location(), 0);
  EXPECT_EQ(verified.version, 0);
  EXPECT_EQ(verified.files, 1);
}

TEST_F(TableVerification, AMissingFileIsNamed) {
  HandMadeTable table(connection_, "missing");
  commit(table, file(table));
  std::filesystem::remove(table.folder() / "part-0.parquet");
  EXPECT_EQ(faults(table), "part-0.parquet: cannot be found: No such file or directory\n");
}

TEST_F(TableVerification, AFileOfAnotherSizeIsNamed) {
  HandMadeTable table(connection_, "size");
  delta::AddFile add = file(table);
  const std::string bytes = std::to_string(add.size);
  add.size += 1;
  commit(table, add);
  EXPECT_EQ(faults(table),
            "part-0.parquet: has " + bytes + " bytes, not " + std::to_string(add.size) + "\n");
}

TEST_F(TableVerification, StatisticsThatAreNotSoAreNamed) {
  const std::tuple<const char*, const char*, const char*> cases[] = {
      {R"("numRecords":10)", R"("numRecords":11)", "has 10 rows, not 11"},
      {R"("minValues":{"n":0)", R"("minValues":{"n":1)",
       "column \"n\" has a value below its minimum"},
      {R"("maxValues":{"n":9)", R"("maxValues":{"n":8)",
       "column \"n\" has a value above its maximum"},
      {R"("s":"name 9")", R"("s":"name 8")", "column \"s\" has a value above its maximum"},
      {R"("gap":4)", R"("gap":3)", "column \"gap\" has 4 nulls, not 3"},
      {R"("x":9)", R"("x":7)", R"(column "inside"."x" has a value above its maximum)"},
  };
  int number = 0;
  for (const auto& [old, with, fault] : cases) {
    HandMadeTable table(connection_, "statistics-" + std::to_string(number++));
    delta::AddFile add = file(table);
    if (std::string(old) == R"("gap":4)") {
      replace(*add.stats, R"("nullCount":{"n":0,"s":0,"d":0,"gap":4)",
              R"("nullCount":{"n":0,"s":0,"d":0,"gap":3)");
    } else {
      replace(*add.stats, old, with);
    }
    commit(table, add);
    EXPECT_EQ(faults(table), "part-0.parquet: " + std::string(fault) + "\n") << *add.stats;
  }
}

TEST_F(TableVerification, NullsOfArraysAndMapsAreCounted) {
  constexpr const char* kNested =
      "SELECT CASE WHEN i > 2 THEN [NULL, i] END AS a, "
      "CASE WHEN i > 4 THEN {m: CASE WHEN i > 6 THEN MAP {i: NULL} END} END AS s FROM range(10) "
      "r(i)";
  const std::pair<const char*, const char*> cases[] = {
      {R"({"a":3,"s":{"m":7}})", ""},
      {R"({"a":4,"s":{"m":7}})", "part-0.parquet: column \"a\" has 3 nulls, not 4\n"},
      {R"({"a":3,"s":{"m":5}})", "part-0.parquet: column \"s\".\"m\" has 7 nulls, not 5\n"},
  };
  int number = 0;
  for (const auto& [counts, fault] : cases) {
    HandMadeTable table(connection_, "nested-" + std::to_string(number++));
    delta::AddFile add = table.file(kNested, {});
    add.stats = R"({"numRecords":10,"nullCount":)" + std::string(counts) + "}";
    table.commit({HandMadeTable::protocol(), table.metadata(table.schema_of(kNested)), add});
    EXPECT_EQ(faults(table), fault) << counts;
  }
}

TEST_F(TableVerification, DeletionVectorsAreCheckedAgainstTheirFiles) {
  HandMadeTable table(connection_, "vector");
  delta::AddFile add = file(table);
  add.deletion_vector = six_rows();
  commit(table, add);
  EXPECT_EQ(faults(table),
            "part-0.parquet: has 10 rows, but its deletion vector deletes later ones\n");

  HandMadeTable other(connection_, "cardinality");
  add = file(other);
  add.deletion_vector = six_rows();
  add.deletion_vector->cardinality = 5;
  commit(other, add);
  EXPECT_EQ(faults(other), "part-0.parquet: deletion vector: it deletes 6 rows, not 5\n");
}

TEST_F(TableVerification, UnreadableRowsAreNamed) {
  HandMadeTable table(connection_, "unreadable");
  commit(table, file(table));
  const auto path = table.folder() / "part-0.parquet";
  std::fstream bytes(path, std::ios::binary | std::ios::in | std::ios::out);
  bytes.seekp(-1, std::ios::end);
  bytes << 'x';
  bytes.close();
  EXPECT_NE(faults(table).find("part-0.parquet: data file"), std::string::npos) << faults(table);
}

}  // namespace
}  // namespace duck
