#include "duck/collect_sorted.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/uuid.h"
#include "delta/statistics.h"
#include "duck/copy_to_parquet.h"
#include "duck/sql_text.h"

namespace duck {
namespace {

namespace fs = std::filesystem;
using delta::DataType;
using delta::TypeKind;

// Groups of 1 to 2000 rows in no order, whose keys are texts or null, with repeated elements.
constexpr char kUneven[] =
    "SELECT CASE WHEN g = 7 THEN NULL ELSE 'key of the group ' || g END AS k, "
    "CASE WHEN i % 3 = 0 THEN NULL ELSE 'a' || hash(i) % 5 END AS a, "
    "CASE WHEN i % 11 = 0 THEN NULL ELSE 'element ' || hash(i * 7) % 2000 END AS e, "
    "(hash(i * 31) % 100)::BIGINT AS n, "
    "CASE WHEN i % 13 = 0 THEN 'nan'::DOUBLE ELSE i % 17 END AS d, "
    "{'x': (i % 5)::INTEGER, 'y': repeat('y', (i % 40)::INTEGER)} AS s "
    "FROM (SELECT i, CASE WHEN i % 10 < 2 THEN i % 3 ELSE i // 7 END AS g FROM range(30000) t(i)) "
    "ORDER BY hash(i)";

class CollectSorted : public testing::Test {
 protected:
  std::int64_t number(const std::string& query) {
    return std::get<std::int64_t>(connection_.query(query).rows.at(0).at(0));
  }

  std::string collected(const std::string& relation) const {
    return "FROM collect_sorted((SELECT k, e, n, d, s, a FROM " + relation +
           " ORDER BY k, e, n, d, s), keys := ['k'], least := ['a'], list := 'list')";
  }

  static std::string aggregated(const std::string& relation) {
    return "SELECT k, min(a) AS a, list_sort(list({'e': e, 'n': n, 'd': d, 's': s})) AS list "
           "FROM " +
           relation + " GROUP BY k ORDER BY k";
  }

  // What collecting `relation` gives is what DuckDB's aggregate does, in the order of the keys.
  void expect_same_as_aggregate(const std::string& relation) {
    connection_.execute("CREATE OR REPLACE TABLE collected AS " + collected(relation));
    connection_.execute("CREATE OR REPLACE TABLE aggregated AS " + aggregated(relation));
    EXPECT_EQ(number("SELECT count(*) FROM collected"), number("SELECT count(*) FROM aggregated"));
    EXPECT_EQ(number("SELECT count(*) FROM (SELECT collected AS c FROM collected) POSITIONAL JOIN "
                     "(SELECT aggregated AS a FROM aggregated) WHERE a IS DISTINCT FROM c"),
              0);
  }

  std::string refusal(const std::string& query) {
    try {
      connection_.execute(query);
    } catch (const base::Error& error) {
      return error.message();
    }
    return "no error";
  }

  Database database_{DatabaseConfig{.threads = 2}};
  Connection connection_{database_};
};

TEST_F(CollectSorted, GivesWhatTheAggregateGives) {
  connection_.execute("CREATE TABLE uneven AS " + std::string(kUneven));
  expect_same_as_aggregate("uneven");
}

// The sort then hands out its rows in pieces of a chunk, each of which a thread may take.
TEST_F(CollectSorted, GroupsThatCrossPiecesOfTheSortStayWhole) {
  connection_.execute("PRAGMA verify_parallelism");
  connection_.execute("CREATE TABLE uneven AS " + std::string(kUneven));
  expect_same_as_aggregate("uneven");
}

TEST_F(CollectSorted, GroupsThatEndWithAChunkAreWhole) {
  for (const int rows : {1, 2047, 2048, 2049, 4096}) {
    connection_.execute("CREATE OR REPLACE TABLE even AS SELECT i // " + std::to_string(rows) +
                        " AS k, i % 10 AS a, i AS e, i AS n, 1.5::DOUBLE AS d, {'x': i} AS s "
                        "FROM range(6000) t(i)");
    expect_same_as_aggregate("even");
  }
}

TEST_F(CollectSorted, AGroupMayHaveAMillionRows) {
  const ResultRows rows = connection_.query(
      "SELECT k, a, len(list)::BIGINT, list[1].n, list[-1].n, "
      "list_sum(list_transform(list, x -> x.n))::BIGINT, list[1000].e FROM collect_sorted(("
      "SELECT CASE WHEN i < 3 THEN i WHEN i < 1000003 THEN 3 ELSE i END AS k, i AS n, "
      "'element ' || i AS e, 'a' || (i + 3) % 7 AS a FROM range(1000006) t(i) ORDER BY k, n), "
      "keys := ['k'], least := ['a'], list := 'list')");
  ASSERT_EQ(rows.rows.size(), 7U);
  EXPECT_EQ(rows.rows[2][2], delta::Value(std::int64_t{1}));
  const std::vector<delta::Value> huge = {std::int64_t{3},
                                          std::string("a0"),
                                          std::int64_t{1'000'000},
                                          std::int64_t{3},
                                          std::int64_t{1'000'002},
                                          std::int64_t{500'002'500'000},
                                          std::string("element 1002")};
  EXPECT_EQ(rows.rows[3], huge);
  EXPECT_EQ(rows.rows[6][0], delta::Value(std::int64_t{1'000'005}));
}

TEST_F(CollectSorted, NoRowsGiveNone) {
  connection_.execute("CREATE TABLE none AS SELECT * FROM (" + std::string(kUneven) + ") LIMIT 0");
  EXPECT_EQ(number("SELECT count(*) FROM (" + collected("none") + ")"), 0);
  EXPECT_EQ(connection_.describe(collected("none")).back().duckdb_type,
            connection_.describe(aggregated("none")).back().duckdb_type);
}

TEST_F(CollectSorted, NullIsAKeyAndNotALeastValue) {
  const ResultRows rows = connection_.query(
      "SELECT k, coalesce(a, '-'), list::VARCHAR FROM collect_sorted((FROM (VALUES (1, NULL, 'x'), "
      "(2, 'b', 'x'), (2, NULL, NULL), (2, 'a', NULL), (NULL, NULL, 'y'), (NULL, NULL, NULL)) "
      "t(k, a, e) ORDER BY k, e, a), keys := ['k'], least := ['a'], list := 'list')");
  ASSERT_EQ(rows.rows.size(), 3U);
  const auto text = [&](std::size_t row, std::size_t column) {
    return std::get<std::string>(rows.rows[row][column]);
  };
  EXPECT_EQ(text(0, 1), "-");
  EXPECT_EQ(text(1, 1), "a");
  EXPECT_EQ(text(1, 2), "[{'e': x}, {'e': NULL}, {'e': NULL}]");
  EXPECT_TRUE(delta::is_null(rows.rows[2][0]));
  EXPECT_EQ(text(2, 1), "-");
  EXPECT_EQ(text(2, 2), "[{'e': y}, {'e': NULL}]");
}

TEST_F(CollectSorted, KeysMayBeSeveral) {
  EXPECT_EQ(number("SELECT count(*) FROM collect_sorted((SELECT i // 10 AS a, i % 2 AS b, i FROM "
                   "range(10000) t(i) ORDER BY ALL), keys := ['a', 'b'], list := 'l') "
                   "WHERE len(l) = 5"),
            2000);
}

TEST_F(CollectSorted, PartOfAnyQuery) {
  connection_.execute("CREATE TABLE uneven AS " + std::string(kUneven));
  const std::int64_t groups = number("SELECT count(*) FROM (" + aggregated("uneven") + ")");
  const std::string query = "(" + collected("uneven") + ")";
  EXPECT_EQ(number("SELECT count(*) FROM (SELECT DISTINCT k FROM " + query + ")"), groups);
  EXPECT_EQ(number("SELECT sum(len(list))::BIGINT FROM " + query), 30000);
  EXPECT_EQ(number("SELECT count(*) FROM " + query + " a JOIN " + query + " b USING (k)"),
            groups - 1);
  EXPECT_EQ(number("WITH c AS " + query + " SELECT count(*) FROM c a JOIN c b USING (k)"),
            groups - 1);
  EXPECT_EQ(number("SELECT count(*) FROM (FROM " + query + " UNION ALL FROM " + query + ")"),
            2 * groups);
  EXPECT_EQ(number("SELECT count(*) FROM (FROM " + query + " LIMIT 3)"), 3);
  EXPECT_EQ(number("SELECT count(*) FROM " + query + " WHERE k = 'key of the group 2'"), 1);
  connection_.execute("SET preserve_insertion_order = false");
  expect_same_as_aggregate("uneven");
}

TEST_F(CollectSorted, RowsInAnotherOrderAreRefused) {
  const auto of = [](const std::string& rows) {
    return "CREATE OR REPLACE TABLE r AS FROM collect_sorted((" + rows +
           "), keys := ['k'], list := 'l')";
  };
  const std::string few = "FROM (VALUES (2, 'x'), (1, 'y')) t(k, e)";
  EXPECT_EQ(refusal(of(few)), "the rows of collect_sorted are not sorted by its keys");
  EXPECT_EQ(refusal(of(few + " ORDER BY k DESC")),
            "the rows of collect_sorted are not sorted by its keys");
  EXPECT_EQ(refusal(of("SELECT i % 5000 AS k, i FROM range(10000) t(i)")),
            "the rows of collect_sorted are not sorted by its keys");
  EXPECT_EQ(refusal(of("SELECT k, e FROM (VALUES (NULL, 'x'), (1, 'y')) t(k, e) "
                       "ORDER BY k NULLS FIRST")),
            "the rows of collect_sorted are not sorted by its keys");
  // Two pipelines.
  const std::string numbers = "SELECT i AS k, 'e' AS e FROM range(10000) t(i)";
  const std::string two = refusal(of(numbers + " UNION ALL " + numbers));
  EXPECT_TRUE(two == "the rows of collect_sorted must end with ORDER BY" ||
              two == "the rows of collect_sorted are not sorted by its keys")
      << two;
}

TEST_F(CollectSorted, WrongParametersAreNamed) {
  const auto with = [&](const std::string& parameters) {
    return refusal("FROM collect_sorted((SELECT 1 AS k, 2 AS e, 3 AS a ORDER BY ALL)" + parameters +
                   ")");
  };
  EXPECT_EQ(with(", list := 'l'"), "collect_sorted needs keys");
  EXPECT_EQ(with(", keys := ['k']"), "collect_sorted needs a name for the list");
  EXPECT_EQ(with(", keys := ['z'], list := 'l'"), "collect_sorted has no column \"z\"");
  EXPECT_EQ(with(", keys := ['k', 'K'], list := 'l'"),
            "collect_sorted is given the column \"K\" twice");
  EXPECT_EQ(with(", keys := ['k'], least := ['k'], list := 'l'"),
            "collect_sorted is given the column \"k\" twice");
  EXPECT_EQ(with(", keys := ['k'], list := 'K'"), "collect_sorted is given the column \"K\" twice");
  EXPECT_EQ(with(", keys := ['k', 'e', 'a'], list := 'l'"),
            "collect_sorted needs columns beside the keys and the least values");
  EXPECT_EQ(refusal("FROM collect_sorted((SELECT 1 AS k, 2 AS e, 3 AS E), keys := ['k'], "
                    "list := 'l')"),
            "collect_sorted is given the column \"E\" twice");
}

class CollectIntoFiles : public testing::Test {
 protected:
  CollectIntoFiles()
      : folder_(fs::temp_directory_path() / ("collect-test-" + base::random_uuid())) {}
  void TearDown() override { fs::remove_all(folder_); }

  static delta::Schema schema() {
    const auto text = DataType::primitive(TypeKind::kString);
    return {
        {{.name = "k", .type = DataType::primitive(TypeKind::kLong)},
         {.name = "list",
          .type = DataType::array_of(DataType::struct_of({{.name = "e", .type = text}}), true)}}};
  }

  static std::string query(const std::string& rows) {
    return "WITH g AS NOT MATERIALIZED (FROM collect_sorted((" + rows +
           " ORDER BY ALL), keys := ['k'], list := 'list')) SELECT k, list FROM g";
  }

  std::string files() const { return quote_string((folder_ / "*.parquet").string()); }

  const fs::path folder_;
};

TEST_F(CollectIntoFiles, RowsAreInOrderAndCounted) {
  Database database(DatabaseConfig{.threads = 2});
  Connection connection(database);
  connection.set_profiling(true);
  CopyOptions options{.directory = folder_.string()};
  options.row_group_rows = 4096;
  const CopiedFiles copied =
      copy_to_parquet(connection,
                      query("SELECT nullif(i % 50000, 0) AS k, md5(i::VARCHAR) AS e "
                            "FROM range(150000) t(i)"),
                      {}, schema(), options);
  EXPECT_EQ(copied.rows, 50000);
  ASSERT_EQ(copied.files.size(), 1U);
  const auto statistics = delta::parse_statistics(*copied.files[0].stats, schema());
  EXPECT_EQ(statistics.num_records, 50000);
  ASSERT_FALSE(statistics.columns.empty());
  EXPECT_EQ(statistics.columns[0].min, delta::Value(std::int64_t{1}));
  EXPECT_EQ(statistics.columns[0].max, delta::Value(std::int64_t{49999}));
  EXPECT_EQ(statistics.columns[0].null_count, 1);
  const auto rows = connection.query(
      "SELECT count(*)::BIGINT FROM read_parquet(" + files() +
      ", file_row_number := true) WHERE coalesce(k, 50000) = file_row_number + 1 AND "
      "len(list) = 3 AND list = list_sort(list)");
  EXPECT_EQ(std::get<std::int64_t>(rows.rows.at(0).at(0)), 50000);
}

// Each group is small, a row group's usual number of them is not; one group is large.
// DuckDB would refuse to hold them within its limit.
TEST_F(CollectIntoFiles, RowGroupsAreBoundedInBytes) {
  constexpr std::int64_t kLimit = 600LL << 20;
  Database database(DatabaseConfig{.threads = 2, .memory_limit_bytes = kLimit});
  Connection connection(database);
  const CopiedFiles copied =
      copy_to_parquet(connection,
                      query("SELECT CASE WHEN i % 16 = 0 THEN 1000 ELSE i // 100 END AS k, "
                            "repeat(md5(i::VARCHAR), 16) AS e FROM range(1600000) t(i)"),
                      {}, schema(), {.directory = folder_.string()});
  EXPECT_EQ(copied.rows, 16000);
  const auto groups = connection.query(
      "SELECT count(DISTINCT row_group_id)::BIGINT, "
      "max(total_uncompressed_size) FILTER (row_group_num_rows > 1)::BIGINT FROM "
      "parquet_metadata(" +
      files() + ") WHERE path_in_schema LIKE 'list%'");
  EXPECT_GE(std::get<std::int64_t>(groups.rows.at(0).at(0)), 5) << "of 800 MB";
  EXPECT_LT(std::get<std::int64_t>(groups.rows.at(0).at(1)), 256LL << 20);
}

}  // namespace
}  // namespace duck
