// Rows that deletion vectors delete, in files of several row groups, beside the same files read by
// DuckDB without those rows.
#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "delta/deletion_vector_writer.h"
#include "duck/hand_made_table.h"

namespace duck {
namespace {

// The last row group and its last vector of 2048 rows are cut off.
constexpr std::int64_t kRows = 30'000;
constexpr const char* kRowGroups = ", ROW_GROUP_SIZE 10240";

// Plain and dictionary pages, NULLs, strings short and long, nested values, a constant.
constexpr const char* kColumns =
    "SELECT i AS n, (i * 7919 % 100)::INTEGER AS few, CASE WHEN i % 3 > 0 THEN i END AS gaps, "
    "i * 0.5 AS d, 'row ' || i AS s, repeat('long ', 4) || i % 7 AS repeated, "
    "i % 2 = 0 AS even, (i * 3)::DECIMAL(30, 2) AS large, [i, i + 1] AS list, "
    "{'a': i, 'b': 'b' || i} AS struct, 1 AS one FROM range($1, $2) r(i)";

class DeletedRows : public testing::TestWithParam<int> {
 protected:
  // A table of one file in which each row is deleted with that chance in a thousand, and beyond
  // that all of a run of rows. DuckDB has the rest in `kept`.
  void make_table(int per_thousand) {
    std::mt19937 random(static_cast<unsigned>(per_thousand));
    std::vector<std::uint64_t> rows;
    for (std::uint64_t row = 0; row < kRows; ++row) {
      const bool in_run = row >= 12'000 && row < 17'000;
      if (in_run || static_cast<int>(random() % 1000) < per_thousand) rows.push_back(row);
    }
    const std::string query = with_bounds(0, kRows);
    delta::AddFile file = table_.file(query, {}, {}, kRowGroups);
    delta::DeletionVectorWriter writer(delta::local_store(), table_.location());
    file.deletion_vector = writer.add(delta::DeletionVector::of(rows));
    writer.finish();
    table_.commit({HandMadeTable::protocol({"deletionVectors"}),
                   table_.metadata(table_.schema_of(query)), file});
    std::string list;
    for (const std::uint64_t row : rows) list += (list.empty() ? "" : ",") + std::to_string(row);
    connection_.execute("CREATE TABLE deleted AS SELECT unnest([" + list + "]) AS row");
    connection_.execute("CREATE TABLE kept AS SELECT * FROM read_parquet(" +
                        quote_string(table_.location() + "/" + file.path) +
                        ", file_row_number := true) ANTI JOIN deleted ON (file_row_number = row)");
  }

  static std::string with_bounds(std::int64_t begin, std::int64_t end) {
    std::string query = kColumns;
    query.replace(query.find("$1"), 2, std::to_string(begin));
    query.replace(query.find("$2"), 2, std::to_string(end));
    return query;
  }

  // The rows with the condition, each as one text, in their order.
  std::vector<std::string> ours(const std::string& condition) {
    return texts("FROM " + table_.scan() + " t WHERE " + condition);
  }
  std::vector<std::string> theirs(const std::string& condition) {
    return texts("FROM kept WHERE " + condition);
  }
  std::vector<std::string> texts(const std::string& from) {
    std::vector<std::string> out;
    for (const auto& row : connection_
                               .query("SELECT concat_ws('|', n, few, gaps, d, s, repeated, even, "
                                      "large, list, struct, one) " +
                                      from + " ORDER BY n")
                               .rows) {
      out.push_back(std::get<std::string>(row[0]));
    }
    return out;
  }

  Database database_{DatabaseConfig{.threads = 2}};
  Connection connection_{database_};
  HandMadeTable table_{connection_, "deleted-rows"};
};

TEST_P(DeletedRows, AreLeftOutUnderEveryCondition) {
  make_table(GetParam());
  for (const char* const condition :
       {"true", "few = 7", "few <> 7", "n BETWEEN 11990 AND 17010", "gaps IS NULL", "gaps > 20000",
        "s = 'row 20001'", "repeated LIKE '%3'", "even AND few < 50", "large < 90000",
        "struct.a > 10238 AND struct.a < 10245", "n IN (0, 2047, 2048, 10239, 10240, 29999)",
        "one = 1 AND n >= 20478", "n < 0"}) {
    EXPECT_EQ(ours(condition), theirs(condition)) << condition;
  }
}

TEST_P(DeletedRows, AreNotCounted) {
  make_table(GetParam());
  const auto count = [&](const std::string& query) {
    return std::get<std::int64_t>(connection_.query(query).rows[0][0]);
  };
  const std::int64_t rows = kRows - count("SELECT count(*) FROM deleted");
  EXPECT_EQ(count("SELECT count(*) FROM " + table_.scan()), rows);
  EXPECT_EQ(count("SELECT count(*) FROM (SELECT file_row_number FROM " + table_.scan() +
                  ") t JOIN deleted ON (file_row_number = row)"),
            0);
  EXPECT_EQ(count("SELECT count(n) + 0 FROM " + table_.scan()), rows);
}

// Few: values are moved together. Many: they are selected. All: nothing is left.
INSTANTIATE_TEST_SUITE_P(PerThousand, DeletedRows, testing::Values(1, 20, 300, 1000));

}  // namespace
}  // namespace duck
