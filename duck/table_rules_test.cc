#include "duck/table_rules.h"

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

StructField field(std::string name, TypeKind kind, nlohmann::json metadata) {
  return {
      .name = std::move(name), .type = DataType::primitive(kind), .metadata = std::move(metadata)};
}

StructField field(std::string name, TypeKind kind) {
  return field(std::move(name), kind, nlohmann::json::object());
}

class TableRulesTest : public testing::Test {
 protected:
  TableRulesTest() : folder_(fs::temp_directory_path() / ("table-rules-" + base::random_uuid())) {}
  ~TableRulesTest() override { fs::remove_all(folder_); }

  // Writes the query's rows as the rules say; the rows in the files.
  std::string write(const std::string& query) {
    fs::remove_all(folder_);
    delta::Schema rows;
    for (const ResultColumn& column : connection_.describe(query)) {
      rows.fields.push_back({.name = column.name, .type = column.delta_type.value()});
    }
    copy_to_parquet(connection_, query, {}, schema_,
                    {.directory = folder_.string(),
                     .rules = table_rules("the table", schema_, metadata_, rows)});
    std::string out;
    const auto written =
        connection_.query("SELECT t::VARCHAR FROM read_parquet(" +
                          quote_string((folder_ / "*.parquet").string()) + ") t ORDER BY ALL");
    for (const auto& row : written.rows) out += std::get<std::string>(row[0]) + "\n";
    return out;
  }

  base::Error failure(const std::string& query) {
    try {
      write(query);
    } catch (const base::Error& error) {
      return error;
    }
    return {base::Stage::kRuntime, "NO_ERROR", ""};
  }

  fs::path folder_;
  delta::Schema schema_;
  delta::Metadata metadata_;
  Database database_{DatabaseConfig{.threads = 1}};
  Connection connection_{database_};
};

TEST_F(TableRulesTest, ConstraintsHoldForEveryRow) {
  schema_.fields = {field("id", TypeKind::kLong), field("s", TypeKind::kString)};
  metadata_.configuration = {{"delta.constraints.positive", "ID > 0"},
                             {"delta.constraints.short", "length(s) < 3 OR s IS NULL"},
                             {"delta.appendOnly", "false"}};
  EXPECT_EQ(write("SELECT 1::BIGINT AS id, 'ab' AS s UNION ALL SELECT 2, NULL"),
            "{'id': 1, 's': ab}\n{'id': 2, 's': NULL}\n");
  const base::Error error = failure("SELECT -1::BIGINT AS id, 'a' AS s");
  EXPECT_EQ(error.code(), "DELTA_CONSTRAINT_VIOLATED");
  EXPECT_EQ(error.details().at("constraint"), "the CHECK constraint 'positive'");
  EXPECT_EQ(error.details().at("expression"), "ID > 0");
  EXPECT_EQ(failure("SELECT NULL::BIGINT AS id").code(), "DELTA_CONSTRAINT_VIOLATED");
  EXPECT_EQ(failure("SELECT 1::BIGINT AS id, 'abc' AS s").details().at("constraint"),
            "the CHECK constraint 'short'");
}

TEST_F(TableRulesTest, InvariantsHoldAlsoThoseOfFields) {
  const auto invariant = [](const std::string& text) {
    return nlohmann::json{
        {"delta.invariants", nlohmann::json{{"expression", {{"expression", text}}}}.dump()}};
  };
  schema_.fields = {
      field("id", TypeKind::kLong, invariant("id < 10")),
      {.name = "o",
       .type = DataType::struct_of({field("x", TypeKind::kLong, invariant("o.x IS NOT NULL"))})}};
  EXPECT_EQ(write("SELECT 1::BIGINT AS id, {'x': 2::BIGINT} AS o"), "{'id': 1, 'o': {'x': 2}}\n");
  EXPECT_EQ(failure("SELECT 10::BIGINT AS id, {'x': 2::BIGINT} AS o").details().at("constraint"),
            "the invariant of column 'id'");
  EXPECT_EQ(failure("SELECT 1::BIGINT AS id, {'x': NULL::BIGINT} AS o").details().at("constraint"),
            "the invariant of column 'x'");
  schema_.fields[0].metadata["delta.invariants"] = "{}";
  EXPECT_EQ(failure("SELECT 1::BIGINT AS id").code(), "DELTA_SCHEMA_INVALID");
}

TEST_F(TableRulesTest, MissingColumnsAreDefaultsAndGenerated) {
  schema_.fields = {
      field("at", TypeKind::kTimestamp),
      field("day", TypeKind::kDate, {{"delta.generationExpression", "CAST(at AS DATE)"}}),
      field("n", TypeKind::kInteger, {{"CURRENT_DEFAULT", "1.7"}}),
      field("twice", TypeKind::kLong, {{"delta.generationExpression", "n * 2"}}),
      field("s", TypeKind::kString, {{"CURRENT_DEFAULT", "NULL"}})};
  // A default is cast as Spark casts: 1.7 is cut off.
  EXPECT_EQ(write("SELECT TIMESTAMPTZ '2024-02-29 23:59:00+00' AS at"),
            "{'at': '2024-02-29 23:59:00+00', 'day': 2024-02-29, 'n': 1, 'twice': 2, 's': NULL}\n");
  EXPECT_EQ(write("SELECT 5::INTEGER AS n, NULL::TIMESTAMPTZ AS at"),
            "{'at': NULL, 'day': NULL, 'n': 5, 'twice': 10, 's': NULL}\n");
  // NULL that is given stays.
  EXPECT_EQ(write("SELECT NULL::INTEGER AS n"),
            "{'at': NULL, 'day': NULL, 'n': NULL, 'twice': NULL, 's': NULL}\n");
}

TEST_F(TableRulesTest, AGeneratedColumnThatIsGivenMustBeRight) {
  schema_.fields = {field("n", TypeKind::kInteger),
                    field("twice", TypeKind::kInteger, {{"delta.generationExpression", "n * 2"}})};
  EXPECT_EQ(write("SELECT 2::INTEGER AS n, 4::INTEGER AS twice"), "{'n': 2, 'twice': 4}\n");
  EXPECT_EQ(write("SELECT NULL::INTEGER AS n, NULL::INTEGER AS TWICE"),
            "{'n': NULL, 'twice': NULL}\n");
  const base::Error error = failure("SELECT 2::INTEGER AS n, 5::INTEGER AS twice");
  EXPECT_EQ(error.code(), "DELTA_CONSTRAINT_VIOLATED");
  EXPECT_EQ(error.details().at("constraint"), "the generated column 'twice'");
  EXPECT_EQ(failure("SELECT 2::INTEGER AS n, NULL::INTEGER AS twice").code(),
            "DELTA_CONSTRAINT_VIOLATED");
}

TEST_F(TableRulesTest, CharactersArePaddedCutOrRefused) {
  schema_.fields = {field("c", TypeKind::kString, {{"__CHAR_VARCHAR_TYPE_STRING", "char(3)"}}),
                    field("v", TypeKind::kString, {{"__CHAR_VARCHAR_TYPE_STRING", "varchar(3)"}})};
  EXPECT_EQ(write("SELECT 'ñ' AS c, 'ñ' AS v"), "{'c': 'ñ  ', 'v': ñ}\n");
  EXPECT_EQ(write("SELECT 'abc  ' AS c, 'ab   ' AS v"), "{'c': abc, 'v': 'ab '}\n");
  EXPECT_EQ(write("SELECT NULL::VARCHAR AS c, NULL::VARCHAR AS v"), "{'c': NULL, 'v': NULL}\n");
  const base::Error error = failure("SELECT 'abcd' AS c, '' AS v");
  EXPECT_EQ(error.code(), "DELTA_CONSTRAINT_VIOLATED");
  EXPECT_EQ(error.details().at("constraint"), "the length of column 'c'");
  EXPECT_EQ(failure("SELECT 'a' AS c, 'abcd' AS v").details().at("constraint"),
            "the length of column 'v'");
}

TEST_F(TableRulesTest, WhatIsNotKeptIsRefusedByName) {
  const auto code = [&](StructField column) {
    schema_.fields = {std::move(column)};
    return failure("SELECT 1::BIGINT AS id").code();
  };
  EXPECT_EQ(code(field("id", TypeKind::kLong, {{"delta.identity.start", 1}})),
            "DELTA_SCHEMA_INVALID");
  EXPECT_EQ(code(field("id", TypeKind::kLong, {{"delta.generationExpression", "hash(x)"}})),
            "DELTA_UNSUPPORTED_EXPRESSION");
  EXPECT_EQ(code(field("id", TypeKind::kLong, {{"CURRENT_DEFAULT", "id + 1"}})),
            "DELTA_UNSUPPORTED_EXPRESSION");
  EXPECT_EQ(code(field("id", TypeKind::kLong, {{"CURRENT_DEFAULT", 1}})), "DELTA_SCHEMA_INVALID");
  EXPECT_EQ(code(field("id", TypeKind::kString, {{"__CHAR_VARCHAR_TYPE_STRING", "char(x)"}})),
            "DELTA_SCHEMA_INVALID");
  EXPECT_EQ(code({.name = "id",
                  .type = DataType::array_of(DataType::primitive(TypeKind::kString), true),
                  .metadata = {{"__CHAR_VARCHAR_TYPE_STRING", "array<char(3)>"}}}),
            "DELTA_UNSUPPORTED_FEATURE");
  metadata_.configuration["delta.constraints.c"] = "rand() > 0";
  const base::Error error = failure("SELECT 1::BIGINT AS id");
  EXPECT_EQ(error.code(), "DELTA_UNSUPPORTED_EXPRESSION");
  EXPECT_EQ(error.details().at("place"), "the CHECK constraint 'c'");
}

}  // namespace
}  // namespace duck
