// Arrays and maps have null counts in the statistics of the files that queries are written to.
#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <vector>

#include "base/uuid.h"
#include "duck/copy_to_parquet.h"
#include "duck/sql_text.h"

namespace duck {
namespace {

namespace fs = std::filesystem;
using delta::DataType;
using delta::TypeKind;
using nlohmann::json;

DataType integer() { return DataType::primitive(TypeKind::kInteger); }
DataType integers() { return DataType::array_of(integer(), true); }

// What `rows(i)` has: arrays and maps at top level, in a struct and in a struct in it.
const delta::Schema kNested{
    {{"i", integer()},
     {"a", integers()},
     {"m", DataType::map_of(DataType::primitive(TypeKind::kString), integer(), true)},
     {"s",
      DataType::struct_of(
          {{"x", integer()},
           {"a", integers()},
           {"t", DataType::struct_of({{"m", DataType::map_of(integer(), integer(), true)}})}})},
     {"d", DataType::array_of(DataType::struct_of({{"y", integers()}}), true)}}};

// Every array and map is null, empty, of nulls or of values, each in another rhythm; structs are
// null around them.
std::string nested(const std::string& i) {
  return "SELECT " + i + "::INTEGER AS i, CASE " + i + " % 4 WHEN 0 THEN NULL WHEN 1 THEN [] " +
         "WHEN 2 THEN [NULL] ELSE [" + i + ", 1] END::INTEGER[] AS a, CASE " + i +
         " % 3 WHEN 0 THEN NULL WHEN 1 THEN MAP {} ELSE MAP {'k': NULL, 'l': 1} END AS m, CASE " +
         "WHEN " + i + " % 5 > 0 THEN {x: " + i + ", a: CASE WHEN " + i + " % 2 = 0 THEN [NULL, " +
         i + "] END, t: CASE WHEN " + i + " % 7 > 0 THEN {m: CASE WHEN " + i +
         " % 11 > 0 THEN MAP {1: 2} END} END} END AS s, CASE WHEN " + i +
         " % 13 > 0 THEN [{y: NULL}] END AS d";
}

class NullCountsTest : public testing::Test {
 protected:
  NullCountsTest() : folder_(fs::temp_directory_path() / ("nulls-test-" + base::random_uuid())) {}
  ~NullCountsTest() override { fs::remove_all(folder_); }

  CopyOptions options() const { return {.directory = folder_.string()}; }

  std::vector<delta::AddFile> copy(const std::string& query, const CopyOptions& options,
                                   const delta::Schema& schema = kNested) {
    return copy_to_parquet(connection_, query, {}, schema, options).files;
  }

  std::int64_t nulls_in(const delta::AddFile& file, const std::string& column) {
    const auto rows =
        connection_.query("SELECT count(*) FILTER (" + column + " IS NULL) FROM " +
                          "read_parquet(" + quote_string((folder_ / file.path).string()) + ")");
    return std::get<std::int64_t>(rows.rows.at(0).at(0));
  }

  // Counted in the file itself.
  json nulls_in(const delta::AddFile& file) {
    return {{"i", nulls_in(file, "i")},
            {"a", nulls_in(file, "a")},
            {"m", nulls_in(file, "m")},
            {"s",
             {{"x", nulls_in(file, "s.x")},
              {"a", nulls_in(file, "s.a")},
              {"t", {{"m", nulls_in(file, "s.t.m")}}}}},
            {"d", nulls_in(file, "d")}};
  }

  static json null_counts(const delta::AddFile& file) {
    return json::parse(*file.stats).at("nullCount");
  }

  void expect_exact(const std::vector<delta::AddFile>& files) {
    for (const delta::AddFile& file : files) EXPECT_EQ(null_counts(file), nulls_in(file));
  }

  fs::path folder_;
  Database database_{DatabaseConfig{.threads = 2}};
  Connection connection_{database_};
};

TEST_F(NullCountsTest, AreOfRowsAndNotOfElements) {
  const auto files = copy(nested("i") + " FROM range(60) r(i)", options());
  ASSERT_EQ(files.size(), 1U);
  EXPECT_EQ(null_counts(files[0]),
            json::parse(R"({"i":0,"a":15,"m":20,"s":{"x":12,"a":36,"t":{"m":23}},"d":5})"));
  expect_exact(files);
  EXPECT_FALSE(json::parse(*files[0].stats).at("minValues").contains("a"));
}

TEST_F(NullCountsTest, AreExactInEachOfManyFilesAndRowGroupsOfManyThreads) {
  CopyOptions small = options();
  small.row_group_rows = 4096;
  small.target_file_bytes = 60'000;
  const auto files = copy(nested("i") + " FROM range(300000) r(i)", small);
  EXPECT_GT(files.size(), 5U);
  expect_exact(files);
}

TEST_F(NullCountsTest, AreExactInFilesOfPartitions) {
  CopyOptions partitioned = options();
  partitioned.partition_by = {"p"};
  delta::Schema schema = kNested;
  schema.fields.insert(schema.fields.begin() + 1, {"p", integer()});
  const auto files =
      copy("SELECT i, i % 3 AS p, * EXCLUDE i FROM (" + nested("i") + " FROM range(10000) r(i))",
           partitioned, schema);
  EXPECT_EQ(files.size(), 3U);
  expect_exact(files);
}

// Rows that a filter leaves, rows that a join finds again, constants.
TEST_F(NullCountsTest, AreExactWhateverFormTheRowsCameIn) {
  connection_.execute("CREATE TABLE source AS " + nested("i") + " FROM range(20000) r(i)");
  const std::string queries[] = {
      "FROM source WHERE i % 10 IN (0, 7)",
      "SELECT source.* FROM source JOIN range(40000) r(i) ON source.i = r.i % 100",
      "FROM source ORDER BY i % 17, i",
      "SELECT i, NULL AS a, MAP {} AS m, NULL AS s, [] AS d FROM source",
      "SELECT i, [1] AS a, NULL AS m, {x: 1, a: NULL, t: {m: NULL}} AS s, d FROM source"};
  for (const std::string& query : queries) {
    SCOPED_TRACE(query);
    const auto files = copy(query, options());
    EXPECT_EQ(files.size(), 1U);
    expect_exact(files);
  }
}

TEST_F(NullCountsTest, AreOfTheColumnsAloneThatStatisticsAreKeptOf) {
  CopyOptions some = options();
  some.statistics = delta::Schema{
      {kNested.fields[2], {"s", DataType::struct_of({kNested.fields[3].type.fields()[1]})}}};
  const auto files = copy(nested("i") + " FROM range(60) r(i)", some);
  EXPECT_EQ(null_counts(files.at(0)), json::parse(R"({"m":20,"s":{"a":36}})"));
}

TEST_F(NullCountsTest, AreUnderThePhysicalNamesOfMappedColumns) {
  CopyOptions mapped = options();
  mapped.column_mapping = delta::ColumnMapping::kName;
  const auto named = [](delta::StructField field, int id) {
    field.metadata = {{"delta.columnMapping.id", id},
                      {"delta.columnMapping.physicalName", "col-" + std::to_string(id)}};
    return field;
  };
  const delta::Schema schema{{named({"s", DataType::struct_of({named({"a", integers()}, 2)})}, 1)}};
  const auto files = copy("SELECT {a: NULL::INTEGER[]} AS s FROM range(2)", mapped, schema);
  EXPECT_EQ(null_counts(files.at(0)), json::parse(R"({"col-1":{"col-2":2}})"));
}

}  // namespace
}  // namespace duck
