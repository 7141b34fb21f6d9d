// Which files delta_scan leaves out, by conditions of every form.
#include <random>

#include "delta/testing/deletion_vector_file.h"
#include "duck/copy_to_parquet.h"
#include "duck/hand_made_table.h"
#include "duck/scan_test_base.h"

namespace duck {
namespace {

class DeltaSkipping : public ScanTest {
 protected:
  // Ten files of ten rows, each with values of its own in every column but `p`, a text that tells
  // the file's number.
  void make_table(HandMadeTable& table) {
    std::vector<delta::Action> actions = {
        HandMadeTable::protocol(), table.metadata(table.schema_of(rows_of(0) + " LIMIT 0"), {"p"})};
    for (int file = 0; file < 10; ++file) {
      actions.emplace_back(table.file("SELECT * EXCLUDE p FROM (" + rows_of(file) + ")",
                                      {"i", "c", "d", "f", "t", "s", "n"},
                                      {{"p", std::to_string(file)}}));
    }
    table.commit(actions);
    connection_.execute("CREATE TABLE whole AS FROM " + table.scan());
  }

  static std::string rows_of(int file) {
    const std::string i = "(" + std::to_string(file * 10) + " + r.r)";
    return "SELECT " + i + "::INTEGER AS i, (" + i + " + 0.25)::DECIMAL(10,2) AS c, (" + i +
           " + 0.5)::DOUBLE AS d, DATE '2024-01-01' + " + i + "::INTEGER AS f, " +
           "TIMESTAMPTZ '2024-01-01 12:00:00+00' + to_hours(" + i + " * 24) AS t, " +
           "format('{:02d} word', " + i + ") AS s, CASE WHEN " + i + " >= 50 THEN " + i +
           " END AS n, '" + std::to_string(file) + "' AS p FROM range(10) r(r)";
  }

  // How many files are read for the rows that meet the condition; they are those of all rows.
  std::string files_for(const HandMadeTable& table, const std::string& condition) {
    const std::string where = " WHERE " + condition;
    EXPECT_EQ(rows("SELECT i FROM " + table.scan() + where + " ORDER BY i"),
              rows("SELECT i FROM whole" + where + " ORDER BY i"))
        << condition;
    return files_read("SELECT i FROM " + table.scan() + where);
  }
};

TEST_F(DeltaSkipping, ConditionsOfEveryFormLeaveOutFiles) {
  HandMadeTable table(connection_, "forms");
  make_table(table);
  const std::pair<const char*, const char*> conditions[] = {
      {"i = 15", "1 of 10"},
      {"i <> 15", "10 of 10"},
      {"15 < i", "9 of 10"},
      {"i BETWEEN 15 AND 25", "2 of 10"},
      {"NOT (i BETWEEN 10 AND 89)", "2 of 10"},
      {"NOT (i BETWEEN 0 AND n)", "10 of 10"},
      {"i IN (5, 95, 1000)", "2 of 10"},
      {"i IN (5, 95, NULL)", "2 of 10"},
      {"i NOT IN (5, 95)", "10 of 10"},
      {"i = 5 OR s LIKE '77%'", "2 of 10"},
      {"n IS NULL", "5 of 10"},
      {"n IS NOT NULL", "5 of 10"},
      {"n IS NOT DISTINCT FROM 55", "1 of 10"},
      {"n IS DISTINCT FROM 55", "10 of 10"},
      {"n IS NOT DISTINCT FROM NULL", "5 of 10"},
      {"s LIKE '1%'", "1 of 10"},
      {"s LIKE '1% wo_d'", "1 of 10"},
      {"s LIKE '12 word'", "1 of 10"},
      {"s NOT LIKE '1%'", "9 of 10"},
      {"starts_with(s, '42')", "1 of 10"},
      {"s >= '95'", "1 of 10"},
      {"p = '3'", "1 of 10"},
      {"p > '3' AND i < 45", "1 of 10"},
      {"t = TIMESTAMPTZ '2024-01-16 12:00:00+00'", "1 of 10"},
  };
  for (const auto& [condition, files] : conditions) {
    EXPECT_EQ(files_for(table, condition), files) << condition;
  }
}

TEST_F(DeltaSkipping, CastsThatKeepTheOrderLeaveOutFiles) {
  HandMadeTable table(connection_, "casts");
  make_table(table);
  const std::pair<const char*, const char*> conditions[] = {
      {"i::BIGINT = 15", "1 of 10"},
      {"i::DOUBLE > 89.5", "1 of 10"},
      {"i::DECIMAL(12,3) < 9.5", "1 of 10"},
      {"i = 15.0", "1 of 10"},
      {"i < 9.5", "1 of 10"},
      {"c::INTEGER = 15", "1 of 10"},
      {"c::DOUBLE BETWEEN 15 AND 25", "2 of 10"},
      {"c = 15.250", "1 of 10"},
      {"d::INTEGER = 16", "1 of 10"},
      {"d::FLOAT < 9", "1 of 10"},
      {"d::DECIMAL(10,1) = 15.5", "1 of 10"},
      {"f::TIMESTAMP < TIMESTAMP '2024-01-05 12:00:00'", "1 of 10"},
      {"t::DATE = DATE '2024-01-16'", "1 of 10"},
      {"t::TIMESTAMP >= TIMESTAMP '2024-04-05 00:00:00'", "1 of 10"},
      {"t::DATE::TIMESTAMP IN ('2024-01-16', '2024-01-26')", "2 of 10"},
      {"p::INTEGER >= 8", "2 of 10"},
      {"p::INTEGER + 1 = 3", "1 of 10"},
      {"i::VARCHAR = '15'", "10 of 10"},
      {"TRY_CAST(p AS INTEGER) = 1", "10 of 10"},
  };
  for (const auto& [condition, files] : conditions) {
    EXPECT_EQ(files_for(table, condition), files) << condition;
  }
}

// Their values are none of Delta's, so that nothing is known of their order.
TEST_F(DeltaSkipping, CastsToTypesThatDeltaLacksLeaveOutNothing) {
  HandMadeTable table(connection_, "strangers");
  make_table(table);
  for (const char* const condition :
       {"i::UHUGEINT > 9", "i::UHUGEINT BETWEEN 9 AND 20", "p::UHUGEINT < 5",
        "p::BIGNUM > 5::BIGNUM", "p::ENUM('9', '8', '7', '6', '5', '4', '3', '2', '1', '0') < '5'",
        "i::BIT < 15::BIT", "p::JSON = '3'", "(i * 60)::VARCHAR::INTERVAL > INTERVAL 20 MINUTES"}) {
    EXPECT_EQ(files_for(table, condition), "10 of 10") << condition;
  }
}

TEST_F(DeltaSkipping, ANullOfJsonIsNoNullOfTheColumn) {
  HandMadeTable table(connection_, "json-null");
  const std::string query = "SELECT unnest(['null', '7']) AS s";
  table.commit({HandMadeTable::protocol(), table.metadata(table.schema_of(query)),
                table.file(query, {"s"})});
  EXPECT_EQ(rows("SELECT s FROM " + table.scan() + " WHERE s::JSON::INTEGER IS NULL"), "null\n");
}

// As delta-rs, whose statistics round decimals to doubles.
TEST_F(DeltaSkipping, ABoundBeyondTheColumnsTypeLeavesOutNothing) {
  HandMadeTable table(connection_, "beyond");
  const std::string query = "SELECT 999999999999999.999::DECIMAL(18, 3) AS x";
  delta::AddFile file = table.file(query);
  file.stats = R"({"numRecords":1,"minValues":{"x":1000000000000000.0},)"
               R"("maxValues":{"x":1000000000000000.0},"nullCount":{"x":0}})";
  table.commit({HandMadeTable::protocol(), table.metadata(table.schema_of(query)), file});
  for (const char* const condition : {"x::DOUBLE > 5", "x > 5.0001", "x > 5"}) {
    EXPECT_EQ(rows("FROM " + table.scan() + " WHERE " + condition), "999999999999999.999\n")
        << condition;
  }
}

// DuckDB hands scans these comparisons inside of OR, and takes NULL for not distinct from anything.
TEST_F(DeltaSkipping, NullsAreDistinctFromValuesInEveryFile) {
  HandMadeTable table(connection_, "distinct");
  const std::string query = "SELECT 1 AS a, 2 AS b, 'x' AS p";
  const auto without_b = [](const std::string& a) { return "SELECT " + a + " AS a"; };
  const auto with_b = [](const std::string& a, const std::string& b) {
    return "SELECT " + a + "::INTEGER AS a, " + b + "::INTEGER AS b";
  };
  table.commit({HandMadeTable::protocol(), table.metadata(table.schema_of(query), {"p"}),
                table.file(without_b("1"), {}, {{"p", "x"}}),
                table.file(without_b("2"), {}, {{"p", std::nullopt}}),
                table.file(with_b("3", "NULL"), {}, {{"p", "y"}}),
                table.file(with_b("4", "7"), {}, {{"p", std::nullopt}}),
                table.file(with_b("NULL", "8"), {}, {{"p", "z"}})});
  connection_.execute("CREATE TABLE whole AS FROM " + table.scan());
  for (const std::string column : {"a", "b", "p"}) {
    const std::string low = column == "p" ? "'x'" : column == "a" ? "1" : "7";
    const std::string high = column == "p" ? "'z'" : column == "a" ? "4" : "8";
    for (const std::string& condition :
         {column + " IS DISTINCT FROM " + low + " OR " + column + " > " + high,
          column + " IS DISTINCT FROM " + low + " OR " + column + " = " + low,
          column + " IS NOT DISTINCT FROM " + low + " OR " + column + " >= " + high,
          "NOT (" + column + " IS NOT DISTINCT FROM " + low + " AND " + column + " < " + high + ")",
          "(" + column + " IS DISTINCT FROM " + low + " OR " + column + " = " + high + ") AND (" +
              column + " = " + high + " OR " + column + " IS NULL)",
          column + " IS DISTINCT FROM " + low}) {
      const std::string where = " WHERE " + condition;
      EXPECT_EQ(rows("SELECT * FROM " + table.scan() + where + " ORDER BY ALL"),
                rows("SELECT * FROM whole" + where + " ORDER BY ALL"))
          << condition;
    }
  }
}

// The values repeat, so that DuckDB keeps them in dictionaries and writes Bloom filters of them.
TEST_F(DeltaSkipping, NullArraysAndMapsAreFoundInTheFilesThatHaveThem) {
  constexpr const char* kEmpty =
      "SELECT 1 AS i, NULL::INTEGER[] AS a, {m: NULL::MAP(INTEGER, INTEGER)} AS s LIMIT 0";
  HandMadeTable table(connection_, "nested");
  std::vector<delta::Action> actions = {HandMadeTable::protocol(),
                                        table.metadata(table.schema_of(kEmpty))};
  const std::tuple<const char*, const char*, const char*> files[] = {
      {"[NULL]", "{m: NULL}", R"({"a":0,"s":{"m":2}})"},
      {"NULL", "NULL", R"({"a":2,"s":{"m":2}})"},
      {"CASE r WHEN 0 THEN [] END", "{m: MAP {}}", R"({"a":1,"s":{"m":0}})"}};
  int file = 0;
  for (const auto& [a, s, counts] : files) {
    delta::AddFile add = table.file("SELECT " + std::to_string(file++) + " * 2 + r AS i, " + a +
                                        "::INTEGER[] AS a, " + s +
                                        "::STRUCT(m MAP(INTEGER, INTEGER)) AS s FROM range(2) r(r)",
                                    {});
    add.stats = R"({"numRecords":2,"nullCount":)" + std::string(counts) + "}";
    actions.emplace_back(add);
  }
  table.commit(actions);
  connection_.execute("CREATE TABLE whole AS FROM " + table.scan());
  EXPECT_EQ(files_for(table, "a IS NULL"), "2 of 3");
  EXPECT_EQ(files_for(table, "a IS NOT NULL"), "2 of 3");
  EXPECT_EQ(files_for(table, "s.m IS NULL"), "2 of 3");
  EXPECT_EQ(files_for(table, "s.m IS NOT NULL"), "1 of 3");
  EXPECT_EQ(files_for(table, "s.m IS NULL AND a IS NOT NULL"), "1 of 3");
  EXPECT_EQ(files_for(table, "a = []::INTEGER[]"), "3 of 3");
}

TEST_F(DeltaSkipping, EqualValuesAreFoundThroughBloomFilters) {
  HandMadeTable table(connection_, "bloom");
  const std::string query =
      "SELECT ['\\xFF\\x80'::BLOB, '', 'a', '\\x00'][1 + i % 4] AS b, "
      "(['-0.0', 'NaN', '1.1', '-Infinity', NULL]::FLOAT[])[1 + i % 5] AS f, "
      "(['-0.0', 'NaN', '1.1', 'Infinity']::DOUBLE[])[1 + i % 4] AS d, "
      "['', 'é', 'a\\', chr(1)][1 + i % 4] AS s, ([-128, 127, 0]::TINYINT[])[1 + i % 3] AS y, "
      "([-32768, 5]::SMALLINT[])[1 + i % 2] AS h, ([-7, 7]::INTEGER[])[1 + i % 2] AS i, "
      "([-5000000000, 7]::BIGINT[])[1 + i % 2] AS l, ([-1.25, 3]::DECIMAL(9,2)[])[1 + i % 2] AS c, "
      "([-1e30, 3]::DECIMAL(38,2)[])[1 + i % 2] AS w, "
      "(['1969-12-31', '2024-02-29']::DATE[])[1 + i % 2] AS t, "
      "(['1969-12-31 23:59:59.5+00', '2024-02-29']::TIMESTAMPTZ[])[1 + i % 2] AS z "
      "FROM range(4000) r(i)";
  table.commit(
      {HandMadeTable::protocol(), table.metadata(table.schema_of(query)), table.file(query)});
  ASSERT_NE(rows("SELECT count(bloom_filter_offset) FROM parquet_metadata(" +
                 quote_string(table.location() + "/*.parquet") + ")"),
            "0\n");
  connection_.execute("CREATE TABLE whole AS FROM " + table.scan());
  for (const char* const column : {"b", "f", "d", "s", "y", "h", "i", "l", "c", "w", "t", "z"}) {
    const std::string name = column;
    for (const auto& row : connection_
                               .query("SELECT DISTINCT " + name +
                                      "::VARCHAR FROM whole "
                                      "WHERE " +
                                      name + " IS NOT NULL")
                               .rows) {
      const std::string type =
          connection_.describe("SELECT " + name + " FROM whole")[0].duckdb_type;
      const std::string value = quote_string(std::get<std::string>(row.at(0))) + "::" + type;
      for (const std::string& condition :
           {name + " = " + value, name + " IN (" + value + ")",
            name + " IS NOT DISTINCT FROM " + value, "(" + name + " = " + value + " OR b = 'a')"}) {
        EXPECT_EQ(count("FROM " + table.scan() + " WHERE " + condition),
                  count("FROM whole WHERE " + condition))
            << condition;
      }
    }
  }
  EXPECT_EQ(count("FROM " + table.scan() + " WHERE f = 0.0"), 800);
  EXPECT_EQ(count("FROM " + table.scan() + " WHERE d = 0.0"), 1000);
  EXPECT_EQ(count("FROM " + table.scan() + " JOIN (SELECT 0.0::DOUBLE AS d) USING (d)"), 1000);
  EXPECT_EQ(count("FROM " + table.scan() + " JOIN (SELECT '\\xFF\\x80'::BLOB AS b) USING (b)"),
            1000);
}

TEST_F(DeltaSkipping, ClocksThatArePutBackLeaveOutNothingByDate) {
  HandMadeTable table(connection_, "clocks");
  make_table(table);
  connection_.execute("SET TimeZone = 'America/New_York'");
  EXPECT_EQ(files_for(table, "t::DATE = DATE '2024-01-16'"), "10 of 10");
  EXPECT_EQ(files_for(table, "t >= TIMESTAMPTZ '2024-04-05 00:00:00+00'"), "1 of 10");
}

TEST_F(DeltaSkipping, WhatLeftOutFilesIsCounted) {
  HandMadeTable table(connection_, "counts");
  make_table(table);
  connection_.execute("CREATE TABLE wanted AS SELECT unnest([31, 33]) AS i");
  connection_.set_profiling(true);
  connection_.execute("SELECT count(s) FROM " + table.scan() +
                      " JOIN wanted USING (i) WHERE p <> '9' AND c < 79");
  const std::function<const OperatorProfile*(const OperatorProfile&)> find_scan =
      [&](const OperatorProfile& node) -> const OperatorProfile* {
    if (node.details.contains("Files Pruned By Join Filter")) return &node;
    for (const OperatorProfile& child : node.children) {
      if (const OperatorProfile* found = find_scan(child)) return found;
    }
    return nullptr;
  };
  const QueryProfile profile = connection_.last_profile();
  const OperatorProfile* const scan = find_scan(profile.root);
  ASSERT_NE(scan, nullptr);
  EXPECT_EQ(scan->details.at("Files"), "1 of 10");
  EXPECT_EQ(scan->details.at("Files Pruned By Partition"), "1");
  EXPECT_EQ(scan->details.at("Files Pruned By Statistics"), "1");
  EXPECT_EQ(scan->details.at("Files Pruned By Join Filter"), "7");
}

// Conditions on columns of every type, on tables with partitions, nulls, long texts, fractions of
// milliseconds, statistics as the library writes them, and deleted rows.
class RandomTable {
 public:
  explicit RandomTable(unsigned seed) : random_(seed) {}

  int below(int end) { return std::uniform_int_distribution(0, end - 1)(random_); }

  std::string value(const std::string& type) {
    const std::string n = std::to_string(below(12) - 3);
    if (type == "VARCHAR") {
      const std::string text(static_cast<std::size_t>(below(3) == 0 ? 40 : 1 + below(2)), 'k');
      return "'" + text + static_cast<char>('a' + below(6)) + "x'";
    }
    if (type == "BOOLEAN") return below(2) == 0 ? "true" : "false";
    if (type == "BLOB") return "'b" + n + "'::BLOB";
    if (type == "DATE") return "(DATE '2024-01-01' + " + n + ")";
    if (type == "TIMESTAMP" || type == "TIMESTAMP WITH TIME ZONE") {
      return "(TIMESTAMP '2024-01-01 00:00:00' + to_microseconds(" + n + " * " +
             (below(2) == 0 ? "400" : "43200000000") + "))::" + type;
    }
    if (type == "FLOAT" || type == "DOUBLE") {
      const int special = below(20);
      if (special == 0) return "'NaN'::" + type;
      if (special == 1) return "'-Infinity'::" + type;
      return "(" + n + " * 0.1)::" + type;
    }
    if (type.starts_with("DECIMAL")) return "(" + n + " * 0.25)::" + type;
    return n + "::" + type;
  }

  std::string value_or_null(const std::string& type) {
    return below(6) == 0 ? "NULL::" + type : value(type);
  }

  std::string condition(const std::vector<std::pair<std::string, std::string>>& columns,
                        int depth) {
    const int kind = below(depth > 0 ? 7 : 4);
    if (kind == 4) return "NOT (" + condition(columns, depth - 1) + ")";
    if (kind > 4) {
      return "(" + condition(columns, depth - 1) + (kind == 5 ? ") AND (" : ") OR (") +
             condition(columns, depth - 1) + ")";
    }
    const auto& [name, type] =
        columns[static_cast<std::size_t>(below(static_cast<int>(columns.size())))];
    static constexpr const char* kCompare[] = {" = ",
                                               " <> ",
                                               " < ",
                                               " <= ",
                                               " > ",
                                               " >= ",
                                               " IS DISTINCT FROM ",
                                               " IS NOT DISTINCT FROM "};
    switch (below(8)) {
      case 0:
        return name + (below(2) == 0 ? " IS NULL" : " IS NOT NULL");
      case 1:
        return name + (below(2) == 0 ? " IN (" : " NOT IN (") + value(type) + ", " +
               value_or_null(type) + ")";
      case 2:
        return name + " BETWEEN " + value(type) + " AND " + value(type);
      case 3:
        return cast_condition(name, type, kCompare[below(8)]);
      case 4:
        if (type == "VARCHAR") {
          static constexpr const char* kPatterns[] = {"k%", "ka%", "kk%", "%x", "k_x", "kka%x"};
          return name + (below(2) == 0 ? " LIKE '" : " NOT LIKE '") + kPatterns[below(6)] + "'";
        }
        [[fallthrough]];
      default:
        return name + kCompare[below(8)] + value(type);
    }
  }

 private:
  std::string cast_condition(const std::string& name, const std::string& type,
                             const std::string& compare) {
    static const std::map<std::string, std::vector<std::string>> casts_of = {
        {"TINYINT", {"BIGINT", "DOUBLE", "DECIMAL(5,1)"}},
        {"SMALLINT", {"INTEGER", "FLOAT", "DECIMAL(8,2)"}},
        {"INTEGER", {"BIGINT", "TINYINT", "DOUBLE", "HUGEINT", "VARCHAR"}},
        {"BIGINT", {"INTEGER", "DOUBLE", "DECIMAL(22,2)"}},
        {"DECIMAL(9,2)", {"INTEGER", "DOUBLE", "DECIMAL(12,4)", "DECIMAL(9,1)"}},
        {"DECIMAL(30,4)", {"BIGINT", "DOUBLE", "DECIMAL(38,4)"}},
        {"FLOAT", {"DOUBLE"}},
        {"DOUBLE", {"FLOAT"}},
        {"DATE", {"TIMESTAMP", "TIMESTAMP WITH TIME ZONE"}},
        {"TIMESTAMP", {"DATE", "TIMESTAMP WITH TIME ZONE", "TIMESTAMP_MS", "TIMESTAMP_NS"}},
        {"TIMESTAMP WITH TIME ZONE", {"DATE", "TIMESTAMP"}},
        {"VARCHAR", {"BLOB"}},
        {"BOOLEAN", {"INTEGER"}},
        {"BLOB", {"VARCHAR"}},
    };
    const auto& casts = casts_of.at(type);
    const std::string& cast =
        casts[static_cast<std::size_t>(below(static_cast<int>(casts.size())))];
    return name + "::" + cast + compare + value(type) + "::" + cast;
  }

  std::mt19937 random_;
};

const std::vector<std::string> kTypes = {
    "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "DECIMAL(9,2)", "DECIMAL(30,4)",
    "FLOAT",   "DOUBLE",   "DATE",    "BLOB",   "TIMESTAMP",    "TIMESTAMP WITH TIME ZONE",
    "VARCHAR", "BOOLEAN"};

class DeltaSkippingProperty : public ScanTest {
 protected:
  // A file's rows: a column c0… of every type, one inside a struct.
  static std::string rows_of(RandomTable& random, std::int64_t first_id) {
    std::string rows;
    const int count = 1 + random.below(4);
    for (int row = 0; row < count; ++row) {
      rows += row == 0 ? "SELECT " : " UNION ALL SELECT ";
      rows += std::to_string(first_id + row) + "::BIGINT AS id";
      for (std::size_t i = 0; i < kTypes.size(); ++i) {
        rows += ", " + random.value_or_null(kTypes[i]) + " AS c" + std::to_string(i);
      }
      rows += ", {x: " + random.value_or_null("INTEGER") + "} AS s";
    }
    return rows;
  }

  static std::vector<std::pair<std::string, std::string>> columns() {
    std::vector<std::pair<std::string, std::string>> columns = {{"s.x", "INTEGER"}};
    for (std::size_t i = 0; i < kTypes.size(); ++i) {
      columns.emplace_back("c" + std::to_string(i), kTypes[i]);
    }
    return columns;
  }

  // Some files have a deletion vector; what their statistics say stands for all rows.
  std::vector<delta::AddFile> copy(const HandMadeTable& table, const std::string& query,
                                   const delta::Schema& schema,
                                   const std::vector<std::string>& partition_by,
                                   RandomTable& random) {
    const CopyOptions options{.directory = table.location(), .partition_by = partition_by};
    auto files = copy_to_parquet(connection_, query, {}, schema, options).files;
    for (delta::AddFile& file : files) {
      if (random.below(4) != 0 || !file.stats) continue;
      file.deletion_vector = delta::write_deletion_vector(
          *delta::local_store(),
          table.location() + "/deletion_vector_" + std::to_string(vectors_++) + ".bin", {0});
      file.stats->insert(1, "\"tightBounds\":false,");
    }
    return files;
  }

  int vectors_ = 0;
};

TEST_F(DeltaSkippingProperty, NoConditionLosesOrAddsARow) {
  std::int64_t left_out = 0;
  for (unsigned seed = 0; seed < 5; ++seed) {
    RandomTable random(seed);
    HandMadeTable table(connection_, "random-" + std::to_string(seed));
    const std::string sample = rows_of(random, 0);
    const std::string schema_string = table.schema_of(sample);
    const delta::Schema schema = delta::parse_schema(schema_string);
    // Each table is partitioned by a column of another type, or not at all.
    std::vector<std::string> partition_by;
    if (seed > 0) partition_by = {"c" + std::to_string((seed * 5) % kTypes.size())};
    delta::Protocol protocol = HandMadeTable::protocol({"deletionVectors", "timestampNtz"});
    std::vector<delta::Action> actions = {protocol, table.metadata(schema_string, partition_by)};
    for (int file = 0; file < 10; ++file) {
      for (delta::AddFile& add :
           copy(table, rows_of(random, file * 100), schema, partition_by, random)) {
        actions.emplace_back(std::move(add));
      }
    }
    table.commit(actions);
    connection_.execute("CREATE OR REPLACE TABLE whole AS FROM " + table.scan());
    for (int i = 0; i < 80; ++i) {
      const std::string where = " WHERE " + random.condition(columns(), 2) + " ORDER BY id";
      ASSERT_EQ(rows("SELECT id FROM " + table.scan() + where),
                rows("SELECT id FROM whole" + where))
          << "seed " << seed << where;
      if (files_read("SELECT id FROM " + table.scan() + where).starts_with("0 ")) ++left_out;
    }
  }
  EXPECT_GT(left_out, 5);
}

}  // namespace
}  // namespace duck
