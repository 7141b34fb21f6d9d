// Rows whose columns and fields are not quite those of the table that they are written to.
#include "base/error.h"
#include "delta/column_mapping.h"
#include "duck/hand_made_table.h"
#include "duck/sql_text.h"
#include "duck/table_write_fixture.h"

namespace duck {
namespace {

class SchemaMergeWriteTest : public TableWriteFixture {
 protected:
  SchemaMergeWriteTest() : TableWriteFixture("merge") {}

  void merge(const std::string& query) {
    options_.merge_schema = true;
    write(query);
    options_.merge_schema = false;
  }

  // The message that the write ends with; "" when it succeeds.
  std::string message(const std::string& query) {
    try {
      write(query);
    } catch (const base::Error& error) {
      EXPECT_EQ(error.code(), "DELTA_SCHEMA_MISMATCH");
      const std::string& text = error.message();
      return text.substr(text.find(options_.location) + options_.location.size() + 2);
    }
    return "";
  }

  std::string type_of(const std::string& column) {
    const auto snapshot = database_.snapshot(options_.location, std::nullopt);
    return snapshot->schema().find(column)->type.to_string();
  }
};

TEST_F(SchemaMergeWriteTest, FieldsAreWrittenByNameNeverByPosition) {
  write(
      "SELECT 1 AS id, {'x': 1, 'y': 2, 'in': {'p': 3, 'q': 4}} AS s, [{'x': 5, 'y': 6}] AS l, "
      "MAP {{'x': 7, 'y': 8}: {'p': 9, 'q': 10}} AS m");
  write(
      "SELECT MAP {{'Y': 80, 'X': 70}: {'q': 100, 'p': 90}} AS M, 2 AS ID, "
      "[{'y': 60, 'x': 50}, NULL] AS L, {'IN': {'q': 40, 'p': 30}, 'y': 20, 'x': 10} AS s");
  EXPECT_EQ(table(),
            "1|{'x': 1, 'y': 2, 'in': {'p': 3, 'q': 4}}|[{'x': 5, 'y': 6}]|"
            "{{'x': 7, 'y': 8}={'p': 9, 'q': 10}}\n"
            "2|{'x': 10, 'y': 20, 'in': {'p': 30, 'q': 40}}|[{'x': 50, 'y': 60}, NULL]|"
            "{{'x': 70, 'y': 80}={'p': 90, 'q': 100}}\n");
  EXPECT_EQ(type_of("s"), "struct<x:integer,y:integer,in:struct<p:integer,q:integer>>");
}

TEST_F(SchemaMergeWriteTest, FieldsThatRowsLackAreNullWithAndWithoutMerging) {
  write(
      "SELECT 1 AS id, {'x': 1, 'y': 'a'} AS s, [{'x': 5, 'y': 6}] AS l, "
      "MAP {'k': {'p': 9, 'q': {'r': 10}}} AS m");
  const std::string lacking =
      "SELECT 2 AS id, CASE WHEN i = 0 THEN {'y': 'b'} END AS s, [{'y': 60}, NULL] AS l, "
      "MAP {'k': {'p': 90}, 'j': NULL} AS m FROM range(2) t(i)";
  const std::string expected =
      "2|{'x': NULL, 'y': b}|[{'x': NULL, 'y': 60}, NULL]|{k={'p': 90, 'q': NULL}, j=NULL}\n"
      "2|NULL|[{'x': NULL, 'y': 60}, NULL]|{k={'p': 90, 'q': NULL}, j=NULL}\n";
  write(lacking);
  EXPECT_EQ(table(),
            "1|{'x': 1, 'y': a}|[{'x': 5, 'y': 6}]|{k={'p': 9, 'q': {'r': 10}}}\n" + expected);
  options_.mode = WriteMode::kOverwrite;
  merge(lacking);
  EXPECT_EQ(table(), expected);
  EXPECT_EQ(type_of("m"), "map<string,struct<p:integer,q:struct<r:integer>>>");
}

TEST_F(SchemaMergeWriteTest, NewFieldsAreAddedHoweverDeep) {
  write(
      "SELECT 1 AS id, {'x': 1, 't': {'u': 2}} AS s, [{'x': 5}] AS l, "
      "MAP {{'x': 7}: [{'p': 9}]} AS m");
  EXPECT_EQ(message("SELECT {'x': 1, 'y': 2} AS s"), "the table has no column 's.y'");
  EXPECT_EQ(message("SELECT MAP {{'x': 7}: [{'p': 9, 'q': 1}]} AS m"),
            "the table has no column 'm.value.element.q'");
  merge(
      "SELECT {'New': 3, 'X': 1, 'T': {'v': 'b', 'u': 2}} AS s, [{'y': DATE '2024-02-29'}] AS l, "
      "MAP {{'z': 1.5, 'x': 8}: [{'q': [{'r': 1}]}]} AS m, 2 AS id, {'a': 1} AS n");
  EXPECT_EQ(type_of("s"), "struct<x:integer,t:struct<u:integer,v:string>,New:integer>");
  EXPECT_EQ(type_of("m"),
            "map<struct<x:integer,z:decimal(2,1)>,"
            "array<struct<p:integer,q:array<struct<r:integer>>>>>");
  EXPECT_EQ(table(),
            "1|{'x': 1, 't': {'u': 2, 'v': NULL}, 'New': NULL}|[{'x': 5, 'y': NULL}]|"
            "{{'x': 7, 'z': NULL}=[{'p': 9, 'q': NULL}]}|NULL\n"
            "2|{'x': 1, 't': {'u': 2, 'v': b}, 'New': 3}|[{'x': NULL, 'y': 2024-02-29}]|"
            "{{'x': 8, 'z': 1.5}=[{'p': NULL, 'q': [{'r': 1}]}]}|{'a': 1}\n");
}

TEST_F(SchemaMergeWriteTest, TypesThatConflictAreToldWithTheirPath) {
  write("SELECT {'b': [{'c': 1::BIGINT}]} AS a, 1::INTEGER AS i");
  options_.merge_schema = true;
  EXPECT_EQ(message("SELECT {'B': [{'d': 1, 'C': 'x'}]} AS A"),
            "column 'a.b.element.c' is long in the table, and string does not fit into it");
  EXPECT_EQ(message("SELECT {'b': 1} AS a"),
            "column 'a.b' is array<struct<c:long>> in the table, and integer does not fit into it");
  EXPECT_EQ(message("SELECT 1::BIGINT AS i"),
            "column 'i' is integer in the table, and long does not fit into it (merging schemas "
            "would widen it, where the table has delta.enableTypeWidening)");
  EXPECT_EQ(message("SELECT 1 AS n, 2 AS N"),
            "the rows have the column 'N' twice; case tells no columns apart");
  EXPECT_EQ(database_.snapshot(options_.location, std::nullopt)->version(), 0);
}

TEST_F(SchemaMergeWriteTest, NewFieldsOfMappedTablesGetIdsAndNamesOfTheirOwn) {
  options_.properties = {{"delta.columnMapping.mode", "name"}};
  write("SELECT 1 AS id, {'x': 1} AS s, [{'x': 5}] AS l, MAP {'k': {'p': 9}} AS m");
  options_.properties.clear();
  const auto before = database_.snapshot(options_.location, 0);
  merge(
      "SELECT 2 AS id, {'y': 2, 'x': 3} AS s, [{'y': 6, 'x': 7}] AS l, "
      "MAP {'k': {'q': {'r': 1}, 'p': 8}} AS m");
  EXPECT_EQ(table(),
            "1|{'x': 1, 'y': NULL}|[{'x': 5, 'y': NULL}]|{k={'p': 9, 'q': NULL}}\n"
            "2|{'x': 3, 'y': 2}|[{'x': 7, 'y': 6}]|{k={'p': 8, 'q': {'r': 1}}}\n");
  const auto after = database_.snapshot(options_.location, 1);
  const auto max_id = [](const auto& snapshot) {
    return snapshot->metadata().configuration.at("delta.columnMapping.maxColumnId");
  };
  EXPECT_EQ(max_id(before), "7");
  EXPECT_EQ(max_id(after), "11");
  const auto& old_field = before->schema().find("s")->type.fields()[0];
  const auto& fields = after->schema().find("s")->type.fields();
  EXPECT_EQ(fields[0], old_field);
  EXPECT_EQ(fields[1].name, "y");
  EXPECT_EQ(delta::column_id(fields[1]), 8);
  EXPECT_TRUE(delta::physical_name(fields[1], delta::ColumnMapping::kName).starts_with("col-"));
}

TEST_F(SchemaMergeWriteTest, FieldsAreAddedByEveryWayOfOverwriting) {
  options_.partition_by = {"p"};
  write("SELECT i AS p, {'x': i} AS s FROM range(3) t(i)");
  options_.mode = WriteMode::kOverwrite;
  options_.replace_where = "p = 1";
  merge("SELECT {'y': 'w', 'x': 10} AS s, 1::BIGINT AS p");
  EXPECT_EQ(table(), "0|{'x': 0, 'y': NULL}\n1|{'x': 10, 'y': w}\n2|{'x': 2, 'y': NULL}\n");
  options_.replace_where = "s.x = 2";
  merge("SELECT {'z': 1, 'x': 2} AS s, 5::BIGINT AS p");
  EXPECT_EQ(table(),
            "0|{'x': 0, 'y': NULL, 'z': NULL}\n1|{'x': 10, 'y': w, 'z': NULL}\n"
            "5|{'x': 2, 'y': NULL, 'z': 1}\n");
  options_.replace_where.reset();
  options_.only_partitions_of_rows = true;
  merge("SELECT {'d': true} AS s, 5::BIGINT AS p");
  EXPECT_EQ(table("p, s.d"), "0|NULL\n1|NULL\n5|true\n");
  options_.only_partitions_of_rows = false;
  merge("SELECT 9::BIGINT AS p, {'e': 1.5} AS s");
  EXPECT_EQ(table(), "9|{'x': NULL, 'y': NULL, 'z': NULL, 'd': NULL, 'e': 1.5}\n");
}

TEST_F(SchemaMergeWriteTest, TypesBecomeWiderWhereTheTableAllowsIt) {
  options_.properties = {{"delta.enableTypeWidening", "true"}};
  options_.partition_by = {"p"};
  write(
      "SELECT 1::INTEGER AS p, 2::INTEGER AS i, {'x': [3::SMALLINT]} AS s, 1.5::DECIMAL(4, 2) AS "
      "d, "
      "DATE '2024-02-29' AS t");
  options_.properties.clear();
  const std::string wider =
      "SELECT 3000000000 AS p, 4000000000 AS i, {'x': [5000000000]} AS s, "
      "12345.678::DECIMAL(8, 3) AS d, TIMESTAMP '2024-03-01 12:00:00' AS t";
  EXPECT_EQ(code(wider), "DELTA_SCHEMA_MISMATCH");
  merge(wider);
  EXPECT_EQ(table(),
            "1|2|{'x': [3]}|1.500|2024-02-29 00:00:00\n"
            "3000000000|4000000000|{'x': [5000000000]}|12345.678|2024-03-01 12:00:00\n");
  const auto found = [&](const std::string& condition) {
    return rows("SELECT p FROM delta_scan(" + quote_string(options_.location) + ") WHERE " +
                condition);
  };
  EXPECT_EQ(found("i < 3"), "1\n");
  EXPECT_EQ(found("i > 3000000000"), "3000000000\n");
  EXPECT_EQ(found("p = 3000000000"), "3000000000\n");
  EXPECT_EQ(found("d = 1.5"), "1\n");
  EXPECT_EQ(found("t < TIMESTAMP '2024-03-01'"), "1\n");
}

TEST_F(SchemaMergeWriteTest, PartitionsAreNotOverwrittenWhileTheirColumnBecomesWider) {
  options_.properties = {{"delta.enableTypeWidening", "true"}};
  options_.partition_by = {"p"};
  write("SELECT 1::INTEGER AS p, 2::INTEGER AS i");
  options_.mode = WriteMode::kOverwrite;
  options_.only_partitions_of_rows = true;
  options_.merge_schema = true;
  EXPECT_EQ(code("SELECT 1::BIGINT AS p, 3::INTEGER AS i"), "DELTA_UNSUPPORTED_FEATURE");
  write("SELECT 1::INTEGER AS p, 3000000000 AS i");
  EXPECT_EQ(table(), "1|3000000000\n");
}

TEST_F(SchemaMergeWriteTest, AWriterThatMergedFirstWinsByName) {
  write("SELECT {'x': 1} AS s");
  options_.merge_schema = true;
  const auto added = [](const std::string& name) {
    return delta::Schema{
        {{"s", delta::DataType::struct_of(
                   {{name, delta::DataType::primitive(delta::TypeKind::kInteger)}})}}};
  };
  TableWriter late(database_, options_, added("z"));
  late.write(connection_, "SELECT {'z': 3} AS s", {});
  write("SELECT {'y': 2} AS s");
  try {
    late.commit();
    FAIL() << "committed";
  } catch (const base::Error& error) {
    EXPECT_EQ(error.code(), "DELTA_COMMIT_CONFLICT");
    EXPECT_EQ(error.details().at("conflict"), "MetadataChanged");
  }
  write("SELECT {'z': 3} AS s");
  EXPECT_EQ(table(),
            "{'x': 1, 'y': NULL, 'z': NULL}\n{'x': NULL, 'y': 2, 'z': NULL}\n"
            "{'x': NULL, 'y': NULL, 'z': 3}\n");
}

TEST_F(SchemaMergeWriteTest, AppendsOfOthersDoNotHinderAMerge) {
  write("SELECT {'x': 1} AS s");
  options_.merge_schema = true;
  const delta::Schema wider{
      {{"s", delta::DataType::struct_of(
                 {{"y", delta::DataType::primitive(delta::TypeKind::kInteger)}})}}};
  TableWriter late(database_, options_, wider);
  late.write(connection_, "SELECT {'y': 3} AS s", {});
  write("SELECT {'x': 2} AS s");
  EXPECT_EQ(late.commit().version, 2);
  EXPECT_EQ(table(), "{'x': 1, 'y': NULL}\n{'x': 2, 'y': NULL}\n{'x': NULL, 'y': 3}\n");
}

// A table whose rules reach into structs.
class RuledSchemaMergeTest : public SchemaMergeWriteTest {
 protected:
  RuledSchemaMergeTest() : ruled_(connection_, "merge-ruled") {
    const std::string query =
        "SELECT 1::INTEGER AS id, {'x': 1::INTEGER, 'y': 2::INTEGER} AS s, 2::INTEGER AS g";
    delta::Schema schema = delta::parse_schema(ruled_.schema_of(query));
    std::vector<delta::StructField> fields = schema.fields[1].type.fields();
    fields[0].nullable = false;
    schema.fields[1].type = delta::DataType::struct_of(fields);
    schema.fields[2].metadata["delta.generationExpression"] = "id * 2";
    delta::Protocol protocol;
    protocol.min_reader_version = 3;
    protocol.min_writer_version = 7;
    protocol.reader_features = {"typeWidening"};
    protocol.writer_features = {"typeWidening", "checkConstraints", "generatedColumns",
                                "changeDataFeed", "invariants"};
    ruled_.commit({protocol,
                   ruled_.metadata(delta::to_json(schema), {},
                                   {{"delta.constraints.c", "s.y > 0"},
                                    {"delta.enableTypeWidening", "true"},
                                    {"delta.enableChangeDataFeed", "true"}}),
                   ruled_.file(query)});
    options_.location = ruled_.location();
  }

  HandMadeTable ruled_;
};

TEST_F(RuledSchemaMergeTest, RulesHoldInWhatRowsAreMadeInto) {
  EXPECT_EQ(message("SELECT 2 AS id, {'y': 1} AS s"),
            "the table's column 's.x' is not nullable, and the rows lack it");
  options_.merge_schema = true;
  EXPECT_EQ(code("SELECT 2 AS id, {'z': 1, 'y': 1, 'x': NULL::INTEGER} AS s"),
            "DELTA_NOT_NULL_VIOLATED");
  EXPECT_EQ(code("SELECT 2 AS id, {'z': 1, 'y': 0, 'x': 1} AS s"), "DELTA_CONSTRAINT_VIOLATED");
  EXPECT_EQ(code("SELECT 2 AS id, {'z': 1, 'y': 1, 'x': 1} AS s, 5 AS g"),
            "DELTA_CONSTRAINT_VIOLATED");
  write("SELECT 2 AS id, {'z': 9, 'y': 8, 'x': 7} AS s");
  EXPECT_EQ(table(), "1|{'x': 1, 'y': 2, 'z': NULL}|2\n2|{'x': 7, 'y': 8, 'z': 9}|4\n");
  EXPECT_EQ(rows("SELECT _change_type, s FROM delta_changes(" + quote_string(options_.location) +
                 ", 0, 1) ORDER BY ALL"),
            "insert|{'x': 1, 'y': 2, 'z': NULL}\ninsert|{'x': 7, 'y': 8, 'z': 9}\n");
}

TEST_F(RuledSchemaMergeTest, WhatRulesRestOnDoesNotBecomeWider) {
  options_.merge_schema = true;
  EXPECT_EQ(message("SELECT 2::BIGINT AS id, {'x': 1, 'y': 1} AS s"),
            "column 'id' cannot be widened from integer to long, since the generated column 'g' "
            "rests on it");
  EXPECT_EQ(message("SELECT 2 AS id, {'x': 1, 'y': 1::BIGINT} AS s"),
            "column 's.y' cannot be widened from integer to long, since the CHECK constraint 'c' "
            "rests on it");
  write("SELECT 2 AS id, {'x': 3000000000, 'y': 1} AS s");
  EXPECT_EQ(table("s"), "{'x': 1, 'y': 2}\n{'x': 3000000000, 'y': 1}\n");
  options_.mode = WriteMode::kOverwrite;
  options_.replace_where = "id = 2";
  EXPECT_EQ(code("SELECT 2 AS id, {'x': 1, 'y': 1, 'z': 1} AS s"), "DELTA_UNSUPPORTED_FEATURE");
  write("SELECT 2 AS id, {'y': 5, 'x': 1} AS s");
  EXPECT_EQ(table("s"), "{'x': 1, 'y': 2}\n{'x': 1, 'y': 5}\n");
}

}  // namespace
}  // namespace duck
