// What a condition on rows lets a writer know of files that others have added meanwhile.
#include "duck/row_condition.h"

#include <utility>
#include <vector>

#include "delta/data_skipping.h"
#include "duck/hand_made_table.h"
#include "duck/scan_test_base.h"
#include "duck/table_delete.h"
#include "duck/table_write_fixture.h"
#include "duck/table_writer.h"

namespace duck {
namespace {

class RowConditionTest : public ScanTest {
 protected:
  // Ten files of ten rows: i from 0 to 99, s its text, n = i from 50 on and else NULL, p the file.
  void make_table(HandMadeTable& table) {
    const auto rows_of = [](int file) {
      return "SELECT i, format('{:02d}', i) AS s, CASE WHEN i >= 50 THEN i END AS n, "
             "{'x': i} AS part FROM (SELECT (" +
             std::to_string(file * 10) + " + r.r)::INTEGER AS i FROM range(10) r(r))";
    };
    std::vector<delta::Action> actions = {
        HandMadeTable::protocol(),
        table.metadata(table.schema_of("SELECT *, 1::BIGINT AS p FROM (" + rows_of(0) + ")"),
                       {"p"})};
    for (int file = 0; file < 10; ++file) {
      actions.emplace_back(
          table.file(rows_of(file), {"i", "s", "n"}, {{"p", std::to_string(file)}}));
    }
    table.commit(actions);
  }

  // In how many files there may be rows for which the condition is true. There are, in those where
  // it is of one at least.
  std::size_t files_that_may_match(const HandMadeTable& table, const std::string& condition) {
    const auto snapshot = database_.snapshot(table.location(), std::nullopt);
    const delta::Predicate predicate = row_predicate(connection_, snapshot->schema(), condition);
    std::size_t count = 0;
    for (const delta::AddFile& file : snapshot->files()) {
      const bool may_match = delta::any_may_match(*snapshot, predicate, {&file, 1});
      count += may_match ? 1 : 0;
      const std::string query =
          "SELECT count(*) > 0 FROM (SELECT *, i // 10 AS f FROM " + table.scan() +
          ") WHERE f = " + file.partition_values.at("p").value() + " AND (" + condition + ")";
      EXPECT_TRUE(may_match || rows(query) == "false\n") << condition << ", " << file.path;
    }
    return count;
  }
};

TEST_F(RowConditionTest, LiteralsOfAnyFormAreCompared) {
  HandMadeTable table(connection_, "literals");
  make_table(table);
  const std::pair<const char*, std::size_t> conditions[] = {
      {"p = 3", 1},
      {"p = 3::BIGINT", 1},
      {"p = '3'", 1},
      {"p IN (1, 2 + 2)", 2},
      {"p NOT IN (1, 2)", 8},
      {"p BETWEEN 3 AND 4", 2},
      {"i = 15", 1},
      {"15 = i", 1},
      {"i > 80 + 9", 1},
      {"i = 15.0", 1},
      {"i::DOUBLE > 89.5", 1},
      {"s = '15'", 1},
      {"s LIKE '1%'", 1},
      {"starts_with(s, '4' || '2')", 1},
      {"s = '15' OR p = 7", 2},
      {"NOT (i < 90)", 1},
      {"n IS NULL", 5},
      {"n = 55 AND p <> 5", 0},
      {"n IS NOT DISTINCT FROM 55", 1},
      {"n IS DISTINCT FROM NULL", 5},
      {"p = NULL", 10},
      {"p NOT IN (1, NULL)", 0},
      {"i + 0 = 15", 10},
      {"true", 10},
      {"NULL", 10},
  };
  for (const auto& [condition, files] : conditions) {
    EXPECT_EQ(files_that_may_match(table, condition), files) << condition;
  }
}

class ConcurrentChanges : public TableWriteFixture {
 protected:
  ConcurrentChanges() : TableWriteFixture("concurrent") {
    options_.partition_by = {"p"};
    write("SELECT i AS id, i % 2 AS p, (i % 2)::VARCHAR AS s FROM range(6) t(i)");
    options_.partition_by = {};
    options_.mode = WriteMode::kOverwrite;
  }

  // Replaces the rows for which `condition` is true by one, while another writer, who looked at the
  // table at the same time, commits the replacement of those for which `other` is.
  void replace_while(const std::string& condition, const std::string& row, const std::string& other,
                     const std::string& other_row) {
    const delta::Schema schema = database_.snapshot(options_.location, std::nullopt)->schema();
    options_.replace_where = condition;
    TableWriter writer(database_, options_, schema);
    writer.write(connection_, row, {});
    options_.replace_where = other;
    write(other_row);
    writer.commit();
  }
};

TEST_F(ConcurrentChanges, OfDifferentPartitionsGoTogether) {
  replace_while("p = 0", "SELECT 10::BIGINT AS id, 0::BIGINT AS p, '0' AS s", "p = 1",
                "SELECT 11::BIGINT AS id, 1::BIGINT AS p, '1' AS s");
  EXPECT_EQ(table("id, p"), "10|0\n11|1\n");
}

TEST_F(ConcurrentChanges, OfRowsThatStatisticsTellApartGoTogether) {
  replace_while("s = '0'", "SELECT 10::BIGINT AS id, 0::BIGINT AS p, '0' AS s", "s IN ('1', '2')",
                "SELECT 11::BIGINT AS id, 1::BIGINT AS p, '1' AS s");
  EXPECT_EQ(table("id, p"), "10|0\n11|1\n");
}

TEST_F(ConcurrentChanges, OfTheSameRowsAreAConflict) {
  const auto conflict = [&](const std::string& condition, const std::string& other) {
    try {
      replace_while(condition, "SELECT 10::BIGINT AS id, 0::BIGINT AS p, '0' AS s", other,
                    "SELECT 12::BIGINT AS id, 0::BIGINT AS p, '0' AS s");
    } catch (const base::Error& error) {
      return error.code();
    }
    return std::string();
  };
  EXPECT_EQ(conflict("p = 0", "id >= 2 AND p = 0"), "DELTA_COMMIT_CONFLICT");
  EXPECT_EQ(conflict("id + 0 >= 10", "p = 0"), "DELTA_COMMIT_CONFLICT");
}

}  // namespace
}  // namespace duck
