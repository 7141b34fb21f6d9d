#include "duck/copy_to_parquet.h"

#include <gtest/gtest.h>
#include <sys/mount.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <thread>

#include "base/error.h"
#include "base/uuid.h"
#include "delta/statistics.h"
#include "duck/resident_memory.h"
#include "duck/sql_text.h"

namespace duck {
namespace {

namespace fs = std::filesystem;
using delta::DataType;
using delta::TypeKind;

// A folder of its own for one test.
class Folder {
 public:
  Folder() : path_(fs::temp_directory_path() / ("copy-test-" + base::random_uuid())) {}
  ~Folder() { fs::remove_all(path_); }
  std::string path() const { return path_.string(); }

 private:
  fs::path path_;
};

delta::StructField field(std::string name, DataType type, bool nullable = true) {
  return {.name = std::move(name), .type = std::move(type), .nullable = nullable};
}

DataType primitive(TypeKind kind) { return DataType::primitive(kind); }

std::string decoded(const std::string& path) {
  std::string result;
  for (std::size_t i = 0; i < path.size(); ++i) {
    if (path[i] != '%') {
      result += path[i];
      continue;
    }
    result += static_cast<char>(std::stoi(path.substr(i + 1, 2), nullptr, 16));
    i += 2;
  }
  return result;
}

std::size_t files_below(const std::string& folder) {
  std::size_t files = 0;
  if (!fs::exists(folder)) return 0;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    files += entry.is_regular_file() ? 1 : 0;
  }
  return files;
}

class CopyToParquet : public testing::Test {
 protected:
  CopyOptions options() const { return {.directory = folder_.path()}; }

  CopiedFiles copy(const std::string& query, const delta::Schema& schema) {
    return copy_to_parquet(connection_, query, {}, schema, options());
  }

  // The rows (i, p), two BIGINTs, partitioned by p.
  CopiedFiles copy_by_p(const std::string& query) {
    const delta::Schema schema{
        {field("i", primitive(TypeKind::kLong)), field("p", primitive(TypeKind::kLong))}};
    CopyOptions partitioned = options();
    partitioned.partition_by = {"p"};
    return copy_to_parquet(connection_, query, {}, schema, partitioned);
  }

  // The rows of the files, through DuckDB's own reader, as text.
  std::vector<std::string> read_back(const CopiedFiles& copied, const std::string& select = "*",
                                     const std::string& rest = "") {
    std::string list;
    for (const auto& file : copied.files) {
      if (!list.empty()) list += ", ";
      list += quote_string(folder_.path() + "/" + decoded(file.path));
    }
    const auto result = connection_.query("SELECT (" + select + ")::VARCHAR FROM read_parquet([" +
                                          list + "], hive_partitioning := false) " + rest);
    std::vector<std::string> rows;
    for (const auto& row : result.rows) {
      rows.push_back(delta::is_null(row[0]) ? "NULL" : std::get<std::string>(row[0]));
    }
    return rows;
  }

  std::string error_code(const std::string& query, const delta::Schema& schema,
                         const CopyOptions& options) {
    try {
      copy_to_parquet(connection_, query, {}, schema, options);
    } catch (const base::Error& error) {
      EXPECT_EQ(error.message().find('\n'), std::string::npos) << error.message();
      return error.code();
    }
    return "";
  }

  nlohmann::json stats(const delta::AddFile& file) { return nlohmann::json::parse(*file.stats); }

  Folder folder_;
  Database database_{DatabaseConfig{.threads = 2}};
  Connection connection_{database_};
};

const delta::Schema kNumbers{
    {field("i", primitive(TypeKind::kLong)), field("s", primitive(TypeKind::kString))}};

TEST_F(CopyToParquet, WritesTheRowsAndDescribesTheFiles) {
  const CopiedFiles copied = copy("SELECT i, 'v' || i AS s FROM range(1000) t(i)", kNumbers);
  ASSERT_EQ(copied.files.size(), 1U);
  EXPECT_EQ(copied.rows, 1000);
  const delta::AddFile& file = copied.files[0];
  const fs::path path = fs::path(folder_.path()) / file.path;
  EXPECT_EQ(static_cast<std::uintmax_t>(file.size), fs::file_size(path));
  EXPECT_EQ(copied.bytes, file.size);
  EXPECT_GT(file.modification_time, 1'700'000'000'000);
  EXPECT_TRUE(file.path.starts_with("part-")) << file.path;
  EXPECT_TRUE(file.path.ends_with(".zstd.parquet")) << file.path;
  EXPECT_TRUE(file.data_change);
  EXPECT_EQ(stats(file), nlohmann::json::parse(
                             R"({"numRecords":1000,
                                 "minValues":{"i":0,"s":"v0"},"maxValues":{"i":999,"s":"v999"},
                                 "nullCount":{"i":0,"s":0}})"));
  EXPECT_EQ(read_back(copied, "sum(i), count(DISTINCT s)"),
            std::vector<std::string>{"(499500, 1000)"});
}

TEST_F(CopyToParquet, NoRowsGiveNoFiles) {
  const CopiedFiles copied = copy("SELECT i, '' AS s FROM range(0) t(i)", kNumbers);
  EXPECT_TRUE(copied.files.empty());
  EXPECT_EQ(copied.rows, 0);
  EXPECT_EQ(files_below(folder_.path()), 0U);
}

TEST_F(CopyToParquet, BindsParametersAndTakesAnyQueryText) {
  const CopiedFiles copied = copy_to_parquet(
      connection_,
      "WITH n AS (SELECT range AS \"I\" FROM range(10)) SELECT \"I\", $2 AS s FROM n "
      "WHERE \"I\" < $1 -- a comment",
      {std::int64_t{4}, std::string("it's")}, kNumbers, options());
  EXPECT_EQ(read_back(copied, "i || s", "ORDER BY i"),
            (std::vector<std::string>{"0it's", "1it's", "2it's", "3it's"}));
}

TEST_F(CopyToParquet, CastsToTheSchemaAndKeepsItsNames) {
  const delta::Schema schema{{field("Id", primitive(TypeKind::kInteger)),
                              field("Amount", DataType::decimal(10, 2)),
                              field("at", primitive(TypeKind::kTimestamp))}};
  const CopiedFiles copied =
      copy("SELECT 7::BIGINT AS id, 1.5::DOUBLE AS amount, TIMESTAMP '2024-01-02 03:04:05' AS at",
           schema);
  const auto described = connection_.describe("SELECT * FROM read_parquet(" +
                                              quote_string(folder_.path() + "/*.parquet") + ")");
  ASSERT_EQ(described.size(), 3U);
  EXPECT_EQ(described[0].name, "Id");
  EXPECT_EQ(described[0].duckdb_type, "INTEGER");
  EXPECT_EQ(described[1].name, "Amount");
  EXPECT_EQ(described[1].duckdb_type, "DECIMAL(10,2)");
  EXPECT_EQ(described[2].duckdb_type, "TIMESTAMP WITH TIME ZONE");
}

TEST_F(CopyToParquet, OtherColumnsThanTheTablesAreRefused) {
  EXPECT_EQ(error_code("SELECT 1 AS i", kNumbers, options()), "DELTA_SCHEMA_MISMATCH");
  EXPECT_EQ(error_code("SELECT 1 AS i, 2 AS t", kNumbers, options()), "DELTA_SCHEMA_MISMATCH");
  EXPECT_EQ(error_code("SELECT 'x' AS i, 'y' AS s", kNumbers, options()), "QUERY_FAILED");
  EXPECT_EQ(error_code("DROP TABLE x", kNumbers, options()), "SQL_INVALID");
  EXPECT_EQ(error_code("SELECT nothing", kNumbers, options()), "SQL_INVALID");
  EXPECT_FALSE(fs::exists(folder_.path()));
}

TEST_F(CopyToParquet, StatisticsAreExactForEveryType) {
  const delta::Schema schema{{
      field("b", primitive(TypeKind::kByte)),
      field("d", DataType::decimal(9, 2)),
      field("w", DataType::decimal(38, 10)),
      field("f", primitive(TypeKind::kFloat)),
      field("day", primitive(TypeKind::kDate)),
      field("flag", primitive(TypeKind::kBoolean)),
      field("bytes", primitive(TypeKind::kBinary)),
      field("st", DataType::struct_of({field("x", primitive(TypeKind::kShort)),
                                       field("y", DataType::struct_of({field(
                                                      "z", primitive(TypeKind::kString))}))})),
      field("list", DataType::array_of(primitive(TypeKind::kLong), true)),
  }};
  const CopiedFiles copied = copy(
      "SELECT * FROM (VALUES "
      "(-128, -1.25, -12345678901234567890.0123456789::DECIMAL(38,10), 0.5::FLOAT, "
      " DATE '0001-01-01', false, '\\xFF'::BLOB, {'x': 1, 'y': {'z': 'a'}}, [1]), "
      "(127, 3.5, 12345678901234567890.0123456789::DECIMAL(38,10), -2.5::FLOAT, "
      " DATE '2024-02-29', true, NULL, NULL, NULL), "
      "(NULL, NULL, NULL, NULL, NULL, NULL, NULL, {'x': 9, 'y': NULL}, [])) "
      "t(b, d, w, f, day, flag, bytes, st, list)",
      schema);
  ASSERT_EQ(copied.files.size(), 1U);
  const auto statistics = delta::parse_statistics(*copied.files[0].stats, schema);
  EXPECT_EQ(statistics.num_records, 3);
  const auto column = [&](const std::vector<std::string>& path) {
    for (const auto& one : statistics.columns) {
      if (one.path == path) return one;
    }
    ADD_FAILURE() << path[0];
    return delta::ColumnStatistics{};
  };
  EXPECT_EQ(column({"b"}).min, delta::Value(std::int64_t{-128}));
  EXPECT_EQ(column({"b"}).max, delta::Value(std::int64_t{127}));
  EXPECT_EQ(column({"b"}).null_count, 1);
  const auto unscaled = [](const std::optional<delta::Value>& value) {
    return std::get<delta::Decimal>(value.value()).unscaled;
  };
  EXPECT_EQ(unscaled(column({"d"}).min), -125);
  const __int128 wide = static_cast<__int128>(1234567890123456789) * 100'000'000'000 + 123456789;
  EXPECT_TRUE(unscaled(column({"w"}).min) == -wide);
  EXPECT_TRUE(unscaled(column({"w"}).max) == wide);
  EXPECT_EQ(column({"f"}).min, delta::Value(-2.5));
  EXPECT_EQ(column({"day"}).min, delta::Value(delta::Date{-719162}));
  EXPECT_EQ(column({"st", "x"}).max, delta::Value(std::int64_t{9}));
  EXPECT_EQ(column({"st", "x"}).null_count, 1);
  EXPECT_EQ(column({"st", "y", "z"}).null_count, 2);
  EXPECT_EQ(column({"st", "y", "z"}).max, delta::Value(std::string("a")));
  const auto json = stats(copied.files[0]);
  EXPECT_FALSE(json["minValues"].contains("list"));
  EXPECT_EQ(json["nullCount"]["bytes"], 2);
  EXPECT_FALSE(json["minValues"].contains("bytes"));
}

TEST_F(CopyToParquet, AColumnWithANaNHasNoMaximum) {
  const delta::Schema schema{
      {field("x", primitive(TypeKind::kDouble)), field("y", primitive(TypeKind::kDouble))}};
  auto many = options();
  many.row_group_rows = 2048;
  const CopiedFiles copied =
      copy_to_parquet(connection_,
                      "SELECT CASE WHEN i = 5 THEN 'nan'::DOUBLE ELSE i END AS x, -i * 0.0 AS y "
                      "FROM range(10000) t(i)",
                      {}, schema, many);
  for (const auto& file : copied.files) {
    const auto json = stats(file);
    EXPECT_EQ(json["nullCount"]["x"], 0);
    EXPECT_FALSE(json["maxValues"].contains("x"));
    EXPECT_EQ(json["maxValues"]["y"], 0.0);
  }
}

TEST_F(CopyToParquet, RowGroupsOfNullsLeaveTheBoundsOfTheOthers) {
  auto small = options();
  small.row_group_rows = 2048;
  const CopiedFiles copied =
      copy_to_parquet(connection_,
                      "SELECT CASE WHEN i < 5000 THEN NULL ELSE i END AS i, NULL::VARCHAR AS s "
                      "FROM range(10000) t(i) ORDER BY t.i",
                      {}, kNumbers, small);
  ASSERT_EQ(copied.files.size(), 1U);
  EXPECT_EQ(stats(copied.files[0]), nlohmann::json::parse(R"({"numRecords":10000,
                                      "minValues":{"i":5000},"maxValues":{"i":9999},
                                      "nullCount":{"i":5000,"s":10000}})"));
}

TEST_F(CopyToParquet, FilesRollAtTheirTargetSize) {
  auto small = options();
  small.row_group_rows = 4096;
  small.target_file_bytes = 100'000;
  const CopiedFiles copied = copy_to_parquet(
      connection_, "SELECT i, md5(i::VARCHAR) AS s FROM range(200000) t(i)", {}, kNumbers, small);
  EXPECT_GT(copied.files.size(), 10U);
  for (const auto& file : copied.files) EXPECT_LT(file.size, 700'000);
  EXPECT_EQ(read_back(copied, "count(*), sum(i), count(DISTINCT s)"),
            std::vector<std::string>{"(200000, 19999900000, 200000)"});
}

// A row group as large as usual would be several times that.
TEST_F(CopyToParquet, FilesKeepToATargetBelowARowGroup) {
  auto small = options();
  small.target_file_bytes = 500'000;
  const CopiedFiles copied = copy_to_parquet(
      connection_, "SELECT i, md5(i::VARCHAR) AS s FROM range(300000) t(i)", {}, kNumbers, small);
  EXPECT_GT(copied.files.size(), 5U);
  for (const auto& file : copied.files) EXPECT_LT(file.size, 1'000'000);
}

// Rows that compress a hundredfold: the files are far from their target size.
TEST_F(CopyToParquet, FilesRollWhenTheirRowsWereLarge) {
  auto bounded = options();
  bounded.row_group_rows = 20480;
  bounded.uncompressed_file_bytes = 8LL << 20;
  const CopiedFiles copied =
      copy_to_parquet(connection_,
                      "SELECT i // 100000 AS i, repeat(chr((65 + i % 26)::INTEGER), 80) AS s "
                      "FROM range(500000) t(i)",
                      {}, kNumbers, bounded);
  const auto rows = [&](const delta::AddFile& file) {
    return stats(file).at("numRecords").get<std::int64_t>();
  };
  std::int64_t all = 0;
  for (const auto& file : copied.files) {
    // What is begun when the size is reached is one row group.
    EXPECT_LE(rows(file) * 88, bounded.uncompressed_file_bytes + 20480 * 88 + (1LL << 20));
    all += rows(file);
  }
  EXPECT_EQ(all, 500000);
  EXPECT_GE(copied.files.size(), 4U);
}

TEST_F(CopyToParquet, AnOrderedQueryKeepsItsOrderWithinAndAcrossFiles) {
  auto small = options();
  small.row_group_rows = 4096;
  small.target_file_bytes = 100'000;
  const CopiedFiles copied = copy_to_parquet(
      connection_, "SELECT i, md5(i::VARCHAR) AS s FROM range(100000) t(i) ORDER BY hash(i), i", {},
      kNumbers, small);
  EXPECT_GT(copied.files.size(), 3U);
  EXPECT_EQ(read_back(copied, "count(*)",
                      "t POSITIONAL JOIN (SELECT i AS j FROM range(100000) r(i) ORDER BY "
                      "hash(i), i) WHERE i = j"),
            std::vector<std::string>{"100000"});
}

// Whether a column's row groups have a dictionary, file by file, in the order of rows.
std::string dictionaries(Connection& connection, const CopiedFiles& copied,
                         const std::string& folder, const std::string& column) {
  std::string result;
  for (const auto& file : copied.files) {
    const auto groups = connection.query(
        "SELECT dictionary_page_offset IS NOT NULL FROM parquet_metadata(" +
        quote_string(folder + "/" + decoded(file.path)) +
        ") WHERE path_in_schema = " + quote_string(column) + " ORDER BY row_group_id");
    if (!result.empty()) result += "|";
    for (const auto& row : groups.rows) result += std::get<bool>(row[0]) ? 'd' : '-';
  }
  return result;
}

TEST_F(CopyToParquet, ColumnsThatRepeatHaveDictionariesBesideThoseThatDoNot) {
  const CopiedFiles copied =
      copy("SELECT i, 'v' || i % 9000 AS s FROM range(400000) t(i) ORDER BY i", kNumbers);
  EXPECT_EQ(dictionaries(connection_, copied, folder_.path(), "i"), "----");
  EXPECT_EQ(dictionaries(connection_, copied, folder_.path(), "s"), "dddd");
}

// What the first row group shows is wrong from the second on; the next look is at the 17th.
TEST_F(CopyToParquet, DictionariesBecomeLargerWhenColumnsTurnOutToNeedIt) {
  CopyOptions small = options();
  small.row_group_rows = 65536;
  const delta::Schema schema{{field("i", primitive(TypeKind::kLong))}};
  const CopiedFiles copied =
      copy_to_parquet(connection_,
                      "SELECT CASE WHEN i < 65536 THEN i % 10 ELSE i % 12000 END AS i "
                      "FROM (FROM range(65536 * 18) t(i) ORDER BY i LIMIT 65536 * 18)",
                      {}, schema, small);
  ASSERT_EQ(copied.files.size(), 2U);
  EXPECT_EQ(dictionaries(connection_, copied, folder_.path(), "i"), "d---------------|dd");
}

// Values of which DuckDB's writer would take one for the other, in columns with dictionaries.
TEST_F(CopyToParquet, FloatsComeBackBitForBit) {
  const DataType number = primitive(TypeKind::kDouble);
  const delta::Schema schema{
      {field("i", primitive(TypeKind::kLong)), field("d", number),
       field("f", primitive(TypeKind::kFloat)),
       field("nested",
             DataType::struct_of(
                 {field("list", DataType::array_of(number, true)),
                  field("map", DataType::map_of(number, primitive(TypeKind::kFloat), true))}))}};
  const std::string rows =
      "SELECT i, v::DOUBLE AS d, v::FLOAT AS f, "
      "{'list': [v, NULL, -v], 'map': MAP {i::DOUBLE: -v::FLOAT}} AS nested "
      "FROM (SELECT i, [0.0, '-0.0'::DOUBLE, 'nan'::DOUBLE, -'nan'::DOUBLE, 1.5, NULL][1 + i % 6] "
      "AS v "
      "FROM range(20000) t(i))";
  const CopiedFiles copied = copy(rows, schema);
  EXPECT_EQ(dictionaries(connection_, copied, folder_.path(), "d"), "d");
  const std::string bits =
      "i, [d::VARCHAR, signbit(d)::VARCHAR, f::VARCHAR, signbit(f)::VARCHAR, "
      "list_transform(nested.list, x -> [x::VARCHAR, signbit(x)::VARCHAR])::VARCHAR, "
      "list_transform(map_values(nested.map), x -> [x::VARCHAR, signbit(x)::VARCHAR])::VARCHAR]";
  std::vector<std::string> expected;
  for (const auto& row :
       connection_.query("SELECT (" + bits + ")::VARCHAR FROM (" + rows + ") ORDER BY i").rows) {
    expected.push_back(std::get<std::string>(row[0]));
  }
  EXPECT_NE(expected[1].find("-0.0, true"), std::string::npos) << expected[1];
  EXPECT_EQ(read_back(copied, bits, "ORDER BY i"), expected);
}

// A Bloom filter would tell that there is no 0.0 among values that are all equal to it.
TEST_F(CopyToParquet, EitherZeroIsFoundByTheOther) {
  const delta::Schema schema{
      {field("d", primitive(TypeKind::kDouble)), field("f", primitive(TypeKind::kFloat))}};
  const CopiedFiles copied =
      copy("SELECT -0.0::DOUBLE AS d, 0.0::FLOAT AS f FROM range(1000)", schema);
  EXPECT_EQ(read_back(copied, "count(*)", "WHERE d = 0.0"), std::vector<std::string>{"1000"});
  EXPECT_EQ(read_back(copied, "count(*)", "WHERE d = -0.0"), std::vector<std::string>{"1000"});
  EXPECT_EQ(read_back(copied, "count(*)", "WHERE f = -0.0"), std::vector<std::string>{"1000"});
}

TEST_F(CopyToParquet, ANullInARequiredColumnIsRefusedAndLeavesNothing) {
  const delta::Schema schema{{field("i", primitive(TypeKind::kLong), false)}};
  EXPECT_EQ(error_code("SELECT nullif(i, 399999) AS i FROM range(400000) t(i)", schema, options()),
            "DELTA_NOT_NULL_VIOLATED");
  EXPECT_FALSE(fs::exists(folder_.path()));
}

TEST_F(CopyToParquet, AFailureRemovesItsOwnFilesOnly) {
  fs::create_directories(folder_.path());
  std::ofstream(folder_.path() + "/other.parquet") << "mine";
  EXPECT_EQ(error_code("SELECT i, CASE WHEN i = 900000 THEN error('boom') ELSE 'x' END AS s "
                       "FROM range(1000000) t(i)",
                       kNumbers, options()),
            "QUERY_FAILED");
  EXPECT_EQ(files_below(folder_.path()), 1U);
}

TEST_F(CopyToParquet, AFileInThePlaceOfTheFolderIsNamed) {
  std::ofstream(folder_.path()) << "a file";
  try {
    copy("SELECT 1 AS i, 'a' AS s", kNumbers);
    FAIL();
  } catch (const base::Error& error) {
    EXPECT_NE(error.message().find(folder_.path()), std::string::npos) << error.message();
  }
  fs::remove(folder_.path());
}

TEST_F(CopyToParquet, AnInterruptLeavesNothing) {
  std::thread stopper([&] {
    while (files_below(folder_.path()) == 0) std::this_thread::yield();
    connection_.interrupt();
  });
  EXPECT_EQ(
      error_code("SELECT i, md5(i::VARCHAR) AS s FROM range(2000000000) t(i)", kNumbers, options()),
      "INTERRUPTED");
  stopper.join();
  EXPECT_FALSE(fs::exists(folder_.path()));
}

TEST_F(CopyToParquet, ADirectoryWithoutRoomIsDiskFull) {
  fs::create_directories(folder_.path());
  if (::mount("tmpfs", folder_.path().c_str(), "tmpfs", 0, "size=300k") != 0) {
    GTEST_SKIP() << "only root can mount a small file system";
  }
  EXPECT_EQ(
      error_code("SELECT i, md5(i::VARCHAR) AS s FROM range(1000000) t(i)", kNumbers, options()),
      "DISK_FULL");
  EXPECT_EQ(files_below(folder_.path()), 0U);
  EXPECT_EQ(::umount(folder_.path().c_str()), 0);
}

TEST_F(CopyToParquet, PartitionValuesOfEveryTypeAreExact) {
  const delta::Schema schema{{
      field("v", primitive(TypeKind::kLong)),
      field("s", primitive(TypeKind::kString)),
      field("d", primitive(TypeKind::kDate)),
      field("t", primitive(TypeKind::kTimestamp)),
      field("n", DataType::decimal(10, 2)),
      field("b", primitive(TypeKind::kBoolean)),
  }};
  auto partitioned = options();
  partitioned.partition_by = {"s", "d", "t", "n", "b"};
  const std::string weird = "a/b=c%2F d:e*?\"<>|\\'é\n#&;";
  const CopiedFiles copied = copy_to_parquet(
      connection_,
      "SELECT 1::BIGINT AS v, $1 AS s, DATE '2024-02-29' AS d, "
      "TIMESTAMPTZ '2024-02-29 01:02:03.000004+00' AS t, -1.50::DECIMAL(10,2) AS n, true AS b "
      "UNION ALL SELECT 2, NULL, NULL, NULL, NULL, NULL UNION ALL SELECT 3, '', NULL, NULL, NULL, "
      "false UNION ALL SELECT 4, repeat('long', 200), NULL, NULL, NULL, NULL",
      {weird}, schema, partitioned);
  ASSERT_EQ(copied.files.size(), 4U);
  std::map<std::int64_t, delta::PartitionValues> by_value;
  for (const auto& file : copied.files) {
    ASSERT_TRUE(fs::exists(folder_.path() + "/" + decoded(file.path))) << file.path;
    CopiedFiles one;
    one.files = {file};
    by_value[std::stoll(read_back(one, "v")[0])] = file.partition_values;
    EXPECT_FALSE(stats(file)["nullCount"].contains("s"));
  }
  const auto value = [&](std::int64_t row, const std::string& column) {
    return delta::parse_partition_value(by_value[row].at(column), schema.find(column)->type);
  };
  EXPECT_EQ(value(1, "s"), delta::Value(weird));
  EXPECT_EQ(value(1, "d"), delta::Value(delta::Date{19782}));
  EXPECT_EQ(value(1, "t"), delta::Value(delta::Timestamp{1'709'168'523'000'004}));
  EXPECT_EQ(value(1, "n"), delta::Value(delta::Decimal{-150, 10, 2}));
  EXPECT_EQ(value(1, "b"), delta::Value(true));
  EXPECT_TRUE(delta::is_null(value(2, "s")));
  EXPECT_TRUE(delta::is_null(value(2, "b")));
  EXPECT_TRUE(delta::is_null(value(3, "s")));
  EXPECT_EQ(value(3, "b"), delta::Value(false));
  EXPECT_EQ(std::get<std::string>(value(4, "s")).size(), 800U);
}

TEST_F(CopyToParquet, PartitionsKeepTheSignOfZero) {
  auto partitioned = options();
  partitioned.partition_by = {"d", "f"};
  const delta::Schema schema{{field("i", primitive(TypeKind::kLong)),
                              field("d", primitive(TypeKind::kDouble)),
                              field("f", primitive(TypeKind::kFloat))}};
  const CopiedFiles copied = copy_to_parquet(
      connection_,
      "SELECT i, CASE WHEN i % 2 = 0 THEN 0.0::DOUBLE ELSE -0.0::DOUBLE END AS d, "
      "CASE WHEN i % 4 < 2 THEN 0.0::FLOAT WHEN i % 8 < 4 THEN NULL ELSE -0.0::FLOAT END AS f "
      "FROM range(5000) t(i)",
      {}, schema, partitioned);
  std::set<std::string> partitions;
  for (const auto& file : copied.files) {
    partitions.insert(file.partition_values.at("d").value() + " " +
                      file.partition_values.at("f").value_or("NULL"));
  }
  EXPECT_EQ(copied.files.size(), partitions.size());
  EXPECT_EQ(partitions, (std::set<std::string>{"-0.0 -0.0", "-0.0 0.0", "-0.0 NULL", "0.0 -0.0",
                                               "0.0 0.0", "0.0 NULL"}));
}

TEST_F(CopyToParquet, PartitionedFilesRollAtTheirTargetSizeToo) {
  auto partitioned = options();
  partitioned.partition_by = {"p"};
  partitioned.row_group_rows = 4096;
  partitioned.target_file_bytes = 100'000;
  const delta::Schema schema{{field("i", primitive(TypeKind::kLong)),
                              field("p", primitive(TypeKind::kInteger)),
                              field("s", primitive(TypeKind::kString))}};
  const CopiedFiles copied = copy_to_parquet(
      connection_, "SELECT i, i % 3 AS p, md5(i::VARCHAR) AS s FROM range(150000) t(i)", {}, schema,
      partitioned);
  std::map<std::string, int> files;
  for (const auto& file : copied.files) {
    ++files[*file.partition_values.at("p")];
    EXPECT_LT(file.size, 700'000);
  }
  EXPECT_EQ(files.size(), 3U);
  for (const auto& [partition, count] : files) EXPECT_GT(count, 3) << partition;
  EXPECT_EQ(read_back(copied, "count(*), sum(i)"),
            std::vector<std::string>{"(150000, 11249925000)"});
}

TEST_F(CopyToParquet, ManyPartitionsAreWrittenWithFewOpenFiles) {
  const CopiedFiles copied = copy_by_p("SELECT i, i // 10 AS p FROM range(4000) t(i)");
  std::set<std::string> partitions;
  for (const auto& file : copied.files) partitions.insert(*file.partition_values.at("p"));
  EXPECT_EQ(partitions.size(), 400U);
  EXPECT_EQ(read_back(copied, "count(*), sum(i)"), std::vector<std::string>{"(4000, 7998000)"});
}

// Rows come in any order: a partition's few wait for others, so that none gets many small files.
TEST_F(CopyToParquet, APartitionOfManyGetsOneFile) {
  const CopiedFiles copied = copy_by_p("SELECT i, i % 600 AS p FROM range(60000) t(i)");
  EXPECT_EQ(copied.files.size(), 600U);
  EXPECT_EQ(read_back(copied, "count(*), sum(i)"), std::vector<std::string>{"(60000, 1799970000)"});
}

TEST_F(CopyToParquet, TheProfileIsThatOfTheVeryStatement) {
  connection_.set_profiling(true);
  connection_.execute("CREATE TABLE source AS SELECT range AS i FROM range(100000)");
  const CopiedFiles copied = copy("SELECT i, 'x' AS s FROM source WHERE i % 2 = 0", kNumbers);
  EXPECT_EQ(copied.rows, 50000);
  const OperatorProfile* leaf = &copied.profile.root;
  std::vector<std::string> names;
  while (true) {
    names.push_back(leaf->name);
    if (leaf->children.empty()) break;
    leaf = &leaf->children[0];
  }
  EXPECT_EQ(names.front(), "COPY_TO_FILE");
  EXPECT_EQ(leaf->rows_scanned, 100000);
  EXPECT_GT(copied.profile.elapsed_nanos, 0);
  EXPECT_GT(copied.profile.cpu_nanos, 0);
  EXPECT_GT(copied.profile.peak_memory_bytes, 0);
}

// What a thread gathers before it writes is bounded in bytes, too.
TEST_F(CopyToParquet, WideRowsEndARowGroupEarly) {
  const CopiedFiles copied =
      copy("SELECT i, repeat(md5(i::VARCHAR), 256) AS s FROM range(60000) t(i)", kNumbers);
  std::string list;
  for (const auto& file : copied.files) {
    list += (list.empty() ? "" : ", ") + quote_string(folder_.path() + "/" + decoded(file.path));
  }
  const auto groups = connection_.query(
      "SELECT max(num_rows)::BIGINT, sum(num_rows)::BIGINT FROM (SELECT DISTINCT file_name, "
      "row_group_id, row_group_num_rows AS num_rows FROM parquet_metadata([" +
      list + "]))");
  constexpr std::int64_t kRowBytes = 8192;
  constexpr std::int64_t kChunkRows = 2048;
  EXPECT_EQ(std::get<std::int64_t>(groups.rows.at(0).at(1)), 60000);
  EXPECT_LE(std::get<std::int64_t>(groups.rows.at(0).at(0)) * kRowBytes,
            (128LL << 20) + 2 * kChunkRows * kRowBytes);
}

TEST(CopyToParquetMemory, DoesNotGrowWithTheRows) {
  const Folder folder;
  Database database(DatabaseConfig{.threads = 2, .memory_limit_bytes = 100LL << 20});
  Connection connection(database);
  connection.set_profiling(true);
  const CopiedFiles copied =
      copy_to_parquet(connection, "SELECT i, md5(i::VARCHAR) AS s FROM range(2000000) t(i)", {},
                      kNumbers, {.directory = folder.path()});
  EXPECT_EQ(copied.rows, 2'000'000);
  EXPECT_LT(copied.profile.peak_memory_bytes, 100LL << 20);
}

// Each thread gathers rows for each of them; what does not fit is spilled.
TEST(CopyToParquetMemory, DoesNotGrowWithThePartitions) {
  constexpr std::int64_t kLimit = 160LL << 20;
  const Folder folder;
  Database database(DatabaseConfig{.threads = 2, .memory_limit_bytes = kLimit});
  Connection connection(database);
  const delta::Schema schema{
      {field("p", primitive(TypeKind::kLong)), field("s", primitive(TypeKind::kString))}};
  if (!restart_resident_peak()) GTEST_SKIP() << "the kernel does not tell peaks";
  const std::int64_t before = resident_memory("VmRSS");
  const CopiedFiles copied = copy_to_parquet(
      connection, "SELECT i % 100 AS p, repeat(md5(i::VARCHAR), 32) AS s FROM range(400000) t(i)",
      {}, schema, {.directory = folder.path(), .partition_by = {"p"}});
  EXPECT_EQ(copied.rows, 400'000);
  EXPECT_LT(resident_memory("VmHWM") - before, 2 * kLimit) << "of 420 MB";
}

// Rows of hundreds of partitions in any order, wide ones: each thread can gather for few of them.
TEST(CopyToParquetMemory, IsEnoughForManyPartitionsOfWideRows) {
  const Folder folder;
  Database database(DatabaseConfig{.threads = 4, .memory_limit_bytes = 128LL << 20});
  Connection connection(database);
  std::string query = "SELECT hash(i) % 300 AS p";
  delta::Schema schema{{field("p", primitive(TypeKind::kLong))}};
  for (int column = 0; column < 60; ++column) {
    const std::string name = "c" + std::to_string(column);
    query += ", CASE WHEN i % 3 = 0 THEN NULL ELSE {'a': i, 'l': ['x' || i]} END AS " + name;
    schema.fields.push_back(field(
        name,
        DataType::struct_of({field("a", primitive(TypeKind::kLong)),
                             field("l", DataType::array_of(primitive(TypeKind::kString), true))})));
  }
  const CopiedFiles copied =
      copy_to_parquet(connection, query + " FROM range(8000) t(i)", {}, schema,
                      {.directory = folder.path(), .partition_by = {"p"}});
  EXPECT_EQ(copied.rows, 8000);
  EXPECT_EQ(copied.files.size(), 300U);
  std::string list;
  for (const auto& file : copied.files) {
    list += (list.empty() ? "" : ", ") + quote_string(folder.path() + "/" + decoded(file.path));
  }
  const auto groups = connection.query(
      "SELECT sum(num_row_groups)::BIGINT FROM parquet_file_metadata([" + list + "])");
  EXPECT_EQ(std::get<std::int64_t>(groups.rows.at(0).at(0)), 300);
}

}  // namespace
}  // namespace duck
