#include "duck/row_rules.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "base/error.h"
#include "base/uuid.h"
#include "duck/copy_to_parquet.h"
#include "duck/sql_text.h"

namespace duck {
namespace {

namespace fs = std::filesystem;
using delta::DataType;
using delta::StructField;
using delta::TypeKind;

DataType number() { return DataType::primitive(TypeKind::kLong); }
DataType text() { return DataType::primitive(TypeKind::kString); }

StructField field(std::string name, DataType type, bool nullable = true) {
  return {.name = std::move(name), .type = std::move(type), .nullable = nullable};
}

class RowRulesTest : public testing::Test {
 protected:
  RowRulesTest() : folder_(fs::temp_directory_path() / ("rules-" + base::random_uuid())) {
    options_.directory = folder_.string();
  }
  ~RowRulesTest() override { fs::remove_all(folder_); }

  CopiedFiles copy(const std::string& query, const delta::Schema& schema) {
    return copy_to_parquet(connection_, query, {}, schema, options_);
  }

  base::Error failure(const std::string& query, const delta::Schema& schema) {
    try {
      copy(query, schema);
    } catch (const base::Error& error) {
      EXPECT_FALSE(fs::exists(folder_));
      return error;
    }
    return {base::Stage::kRuntime, "NO_ERROR", ""};
  }

  std::string rows() {
    std::string out;
    for (const auto& row :
         connection_
             .query("SELECT t::VARCHAR FROM read_parquet(" +
                    quote_string((folder_ / "**/*.parquet").string()) + ") t ORDER BY ALL")
             .rows) {
      out += std::get<std::string>(row[0]) + "\n";
    }
    return out;
  }

  fs::path folder_;
  CopyOptions options_;
  Database database_{DatabaseConfig{.threads = 2}};
  Connection connection_{database_};
};

const delta::Schema kTable{{field("id", number()), field("name", text())}};

TEST_F(RowRulesTest, ColumnsGoByNameWhenAskedFor) {
  options_.rules.columns_by_name = true;
  copy("SELECT 'a' AS NAME, 1 AS id UNION ALL SELECT 'b', 2", kTable);
  EXPECT_EQ(rows(), "{'id': 1, 'name': a}\n{'id': 2, 'name': b}\n");
}

TEST_F(RowRulesTest, AMissingColumnIsItsDefaultElseNull) {
  options_.rules.columns_by_name = true;
  options_.rules.defaults["name"] = "'none'";
  copy("SELECT 1 AS id", {{field("id", number()), field("name", text()), field("x", number())}});
  EXPECT_EQ(rows(), "{'id': 1, 'name': none, 'x': NULL}\n");
}

TEST_F(RowRulesTest, AMissingRequiredColumnIsNamed) {
  options_.rules.columns_by_name = true;
  const base::Error error =
      failure("SELECT 1 AS id", {{field("id", number()), field("name", text(), false)}});
  EXPECT_EQ(error.code(), "DELTA_SCHEMA_MISMATCH");
  EXPECT_EQ(error.details().at("column"), "name");
}

TEST_F(RowRulesTest, AColumnTwiceOrUnknownIsNamed) {
  options_.rules.columns_by_name = true;
  EXPECT_EQ(failure("SELECT 1 AS id, 2 AS \"ID\"", kTable).code(), "DELTA_SCHEMA_MISMATCH");
  EXPECT_EQ(failure("SELECT 1 AS id, 2 AS other", kTable).details().at("column"), "other");
}

TEST_F(RowRulesTest, GeneratedColumnsRestOnDefaults) {
  options_.rules.columns_by_name = true;
  options_.rules.defaults["name"] = "'n'";
  options_.rules.generated["g"] = R"("name" || "id")";
  copy("SELECT 1 AS id", {{field("id", number()), field("name", text()), field("g", text())}});
  EXPECT_EQ(rows(), "{'id': 1, 'name': n, 'g': n1}\n");
}

TEST_F(RowRulesTest, AStoredFormReplacesTheValue) {
  options_.rules.stored["name"] = "rpad(\"name\", 3, ' ')";
  copy("SELECT 1 AS id, 'a' AS name", kTable);
  EXPECT_EQ(rows(), "{'id': 1, 'name': 'a  '}\n");
}

TEST_F(RowRulesTest, ACheckThatIsFalseOrNullNamesTheRow) {
  options_.rules.checks = {{"the CHECK constraint 'positive'", "id > 0", "\"id\" > 0"}};
  const base::Error error = failure(
      "SELECT CASE WHEN i = 100000 THEN -7 ELSE i + 1 END AS id, 'x' AS name FROM range(200000) "
      "t(i)",
      kTable);
  EXPECT_EQ(error.code(), "DELTA_CONSTRAINT_VIOLATED");
  EXPECT_EQ(error.details().at("row"), "id = -7, name = x");
  EXPECT_NE(error.message().find("the CHECK constraint 'positive' (id > 0): id = -7, name = x"),
            std::string::npos)
      << error.message();
  EXPECT_EQ(failure("SELECT NULL AS id, 'x' AS name", kTable).code(), "DELTA_CONSTRAINT_VIOLATED");
  copy("SELECT 1 AS id, 'x' AS name", kTable);
  EXPECT_EQ(rows(), "{'id': 1, 'name': x}\n");
}

TEST_F(RowRulesTest, ChecksHoldInPartitionedTablesToo) {
  options_.partition_by = {"name"};
  options_.rules.checks = {{"c", "name <> 'b'", "\"name\" <> 'b'"}};
  EXPECT_EQ(failure("SELECT 1 AS id, 'b' AS name", kTable).code(), "DELTA_CONSTRAINT_VIOLATED");
  EXPECT_EQ(copy("SELECT 1 AS id, 'a' AS name", kTable).files.size(), 1U);
}

TEST_F(RowRulesTest, NotNullHoldsInsideOfNestedValues) {
  const DataType point = DataType::struct_of({field("x", number(), false)});
  const delta::Schema structs{{field("p", point)}};
  const delta::Schema lists{{field("l", DataType::array_of(point, false))}};
  const delta::Schema maps{{field("m", DataType::map_of(text(), point, false))}};
  const auto column = [&](const std::string& query, const delta::Schema& schema) {
    const base::Error error = failure(query, schema);
    EXPECT_EQ(error.code(), "DELTA_NOT_NULL_VIOLATED") << query;
    return error.details().contains("column") ? error.details().at("column") : error.message();
  };
  EXPECT_EQ(column("SELECT {'x': NULL} AS p", structs), "p.x");
  EXPECT_EQ(column("SELECT [{'x': 1}, NULL] AS l", lists), "l.element");
  EXPECT_EQ(column("SELECT [{'x': 1}, {'x': NULL}] AS l", lists), "l.element.x");
  EXPECT_EQ(column("SELECT map {'k': NULL::STRUCT(x BIGINT)} AS m", maps), "m.value");
  EXPECT_EQ(copy("SELECT NULL::STRUCT(x BIGINT) AS p UNION ALL SELECT {'x': 1}", structs).rows, 2);
  EXPECT_EQ(copy("SELECT NULL::STRUCT(x BIGINT)[] AS l UNION ALL SELECT []", lists).rows, 2);
}

TEST_F(RowRulesTest, MappedColumnsHavePhysicalNamesAndIds) {
  const auto mapped = [](std::string name, DataType type, int id) {
    StructField result = field(std::move(name), std::move(type));
    result.metadata = {{"delta.columnMapping.id", id},
                       {"delta.columnMapping.physicalName", "col-" + std::to_string(id)}};
    return result;
  };
  const delta::Schema schema{
      {mapped("id", number(), 1), mapped("s", DataType::struct_of({mapped("x", number(), 3)}), 2),
       mapped("l", DataType::array_of(DataType::struct_of({mapped("y", number(), 5)}), true), 4),
       mapped("p", text(), 6)}};
  options_.column_mapping = delta::ColumnMapping::kName;
  options_.partition_by = {"p"};
  const CopiedFiles copied =
      copy("SELECT 1 AS id, {'x': 2} AS s, [{'y': 3}] AS l, 'v' AS p", schema);
  ASSERT_EQ(copied.files.size(), 1U);
  EXPECT_EQ(copied.files[0].partition_values.at("col-6"), "v");
  EXPECT_NE(copied.files[0].stats->find(R"("minValues":{"col-1":1,"col-2":{"col-3":2}})"),
            std::string::npos)
      << *copied.files[0].stats;
  const auto ids = connection_.query(
      "SELECT string_agg(name || '=' || coalesce(field_id::VARCHAR, ''), ' ') FROM "
      "parquet_schema(" +
      quote_string((folder_ / "**/*.parquet").string()) + ") WHERE name LIKE 'col%'");
  EXPECT_EQ(std::get<std::string>(ids.rows[0][0]), "col-1=1 col-2=2 col-3=3 col-4=4 col-5=5");
}

TEST_F(RowRulesTest, StatisticsAreKeptOfTheGivenColumnsOnly) {
  options_.statistics = delta::Schema{{field("id", number())}};
  const CopiedFiles copied = copy("SELECT 1 AS id, 'x' AS name", kTable);
  EXPECT_EQ(*copied.files.at(0).stats,
            R"({"numRecords":1,"minValues":{"id":1},"maxValues":{"id":1},"nullCount":{"id":0}})");
}

}  // namespace
}  // namespace duck
