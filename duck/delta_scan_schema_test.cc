// Tables whose schema changed after files were written: columns added, dropped, renamed, widened.
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "duck/hand_made_table.h"
#include "duck/scan_test_base.h"

namespace duck {
namespace {

using nlohmann::json;

json field(const std::string& name, const json& type, json metadata = json::object()) {
  return {{"name", name}, {"type", type}, {"nullable", true}, {"metadata", std::move(metadata)}};
}

json struct_type(const std::vector<json>& fields) {
  return {{"type", "struct"}, {"fields", fields}};
}

json array_type(const json& element) {
  return {{"type", "array"}, {"elementType", element}, {"containsNull", true}};
}

json map_type(const json& key, const json& value) {
  return {{"type", "map"}, {"keyType", key}, {"valueType", value}, {"valueContainsNull", true}};
}

json mapped(int id, const std::string& physical_name) {
  return {{"delta.columnMapping.id", id}, {"delta.columnMapping.physicalName", physical_name}};
}

class DeltaScanSchema : public ScanTest {
 protected:
  // Each condition selects the same rows in the scan as in a copy of all rows.
  void expect_same_rows(const HandMadeTable& table, const std::vector<std::string>& conditions) {
    connection_.execute("CREATE OR REPLACE TABLE whole AS FROM " + table.scan());
    for (const std::string& condition : conditions) {
      const std::string where = " WHERE " + condition + " ORDER BY ALL";
      EXPECT_EQ(rows("FROM " + table.scan() + where), rows("FROM whole" + where)) << condition;
    }
  }
};

TEST_F(DeltaScanSchema, AColumnThatAFileLacksIsNull) {
  HandMadeTable table(connection_, "added");
  table.commit({HandMadeTable::protocol(),
                table.metadata(table.schema_of("SELECT 1::BIGINT AS a, 'x' AS b, 1::INTEGER AS c")),
                table.file("SELECT 1::BIGINT AS a", {"a"}),
                table.file("SELECT 3::INTEGER AS c, 'gone' AS dropped, 'y' AS b, 2::BIGINT AS a",
                           {"a", "b"})});
  EXPECT_EQ(rows("FROM " + table.scan() + " ORDER BY a"), "1|NULL|NULL\n2|y|3\n");
  EXPECT_EQ(rows("SELECT a FROM " + table.scan() + " WHERE b IS NULL"), "1\n");
  expect_same_rows(table, {"b = 'y'", "b IS NOT NULL", "c > 1", "c IS NULL AND a = 1",
                           "coalesce(b, 'none') = 'none'"});
}

TEST_F(DeltaScanSchema, ATableWithoutColumnsIsNamed) {
  HandMadeTable table(connection_, "bare");
  table.commit({HandMadeTable::protocol(), table.metadata(struct_type({}).dump())});
  try {
    rows("FROM " + table.scan());
    FAIL() << "it was read";
  } catch (const base::Error& error) {
    EXPECT_EQ(error.code(), "DELTA_TABLE_WITHOUT_COLUMNS") << error.message();
  }
}

TEST_F(DeltaScanSchema, ColumnsThatOnlyCaseTellsApartAreNamed) {
  const std::vector<std::pair<json, std::string>> cases = {
      {struct_type({field("a", "long"), field("A", "long")}), "A"},
      {struct_type({field("s", struct_type({field("x", "long"), field("X", "long")}))}), "s.X"}};
  for (const auto& [schema, column] : cases) {
    HandMadeTable table(connection_, "case of " + column);
    table.commit({HandMadeTable::protocol(), table.metadata(schema.dump())});
    try {
      rows("FROM " + table.scan());
      FAIL() << "it was read";
    } catch (const base::Error& error) {
      EXPECT_EQ(error.code(), "DELTA_SCHEMA_INVALID") << error.message();
      EXPECT_EQ(error.details().at("column"), column);
    }
  }
}

TEST_F(DeltaScanSchema, TypesOfSparksOwnAreReadAsTheyAreStored) {
  HandMadeTable table(connection_, "udt");
  const json vector = {
      {"type", "udt"},
      {"class", "org.apache.spark.ml.linalg.VectorUDT"},
      {"sqlType", struct_type({field("type", "byte"), field("values", array_type("double"))})}};
  table.commit({HandMadeTable::protocol(),
                table.metadata(struct_type({field("v", vector), field("c", "varchar(9)")}).dump()),
                table.file("SELECT {'type': 1::TINYINT, 'values': [0.5::DOUBLE]} AS v, 'x' AS c")});
  EXPECT_EQ(rows("SELECT v.type, v.\"values\"[1], c FROM " + table.scan()), "1|0.5|x\n");
}

TEST_F(DeltaScanSchema, FieldsOfNestedColumnsComeAndGo) {
  HandMadeTable table(connection_, "nested");
  const json point = struct_type({field("x", "long"), field("y", "string")});
  const json schema =
      struct_type({field("id", "long"), field("s", point), field("l", array_type(point)),
                   field("m", map_type("string", point))});
  table.commit({HandMadeTable::protocol(), table.metadata(schema.dump()),
                table.file("SELECT 1::BIGINT AS id, {x: 1::BIGINT} AS s, [{x: 2::BIGINT}] AS l, "
                           "MAP {'k': {x: 3::BIGINT}} AS m"),
                table.file("SELECT 2::BIGINT AS id, {z: 0, y: 'a', x: 4::BIGINT} AS s, "
                           "[{y: 'b', x: 5::BIGINT}, NULL] AS l, "
                           "MAP {'k': {y: 'c', x: 6::BIGINT}} AS m"),
                table.file("SELECT 3::BIGINT AS id, NULL::STRUCT(x BIGINT, y VARCHAR) AS s, "
                           "NULL::STRUCT(x BIGINT, y VARCHAR)[] AS l, "
                           "NULL::MAP(VARCHAR, STRUCT(x BIGINT, y VARCHAR)) AS m")});
  EXPECT_EQ(rows("FROM " + table.scan() + " ORDER BY id"),
            "1|{'x': 1, 'y': NULL}|[{'x': 2, 'y': NULL}]|{k={'x': 3, 'y': NULL}}\n"
            "2|{'x': 4, 'y': a}|[{'x': 5, 'y': b}, NULL]|{k={'x': 6, 'y': c}}\n"
            "3|NULL|NULL|NULL\n");
  EXPECT_EQ(rows("SELECT id, s.y FROM " + table.scan() + " ORDER BY id"), "1|NULL\n2|a\n3|NULL\n");
  EXPECT_EQ(rows("SELECT s.x FROM " + table.scan() + " WHERE s.y = 'a'"), "4\n");
  expect_same_rows(table, {"s.x = 1", "s.x > 1", "s.y IS NULL", "s.y IS NOT NULL", "s IS NULL",
                           "l[1].y = 'b'", "s.y = 'a' OR s.x = 1", "m['k'].x = 3"});
}

TEST_F(DeltaScanSchema, ColumnsAreFoundByPhysicalName) {
  HandMadeTable table(connection_, "by-name");
  const json schema = struct_type(
      {field("renamed", "long", mapped(1, "col-1")),
       field("old", "string", mapped(2, "col-2")),  // a new column with a dropped one's name
       field("s", struct_type({field("inner new", "long", mapped(4, "inner"))}), mapped(3, "s")),
       field("p", "integer", mapped(5, "col-5"))});
  table.commit(
      {HandMadeTable::protocol({"columnMapping"}),
       table.metadata(schema.dump(), {"p"}, {{"delta.columnMapping.mode", "name"}}),
       table.file("SELECT 1::BIGINT AS \"col-1\", 'dropped' AS old, "
                  "{'inner': 7::BIGINT, 'inner new': 0::BIGINT} AS s",
                  {"col-1"}, {{"col-5", "1"}}),
       table.file(R"(SELECT 'b' AS "col-2", 2::BIGINT AS "col-1")", {"col-1"}, {{"col-5", "2"}})});
  EXPECT_EQ(rows("FROM " + table.scan() + " ORDER BY renamed"),
            "1|NULL|{'inner new': 7}|1\n2|b|NULL|2\n");
  EXPECT_EQ(files_read("SELECT old FROM " + table.scan() + " WHERE renamed = 2"), "1 of 2");
  EXPECT_EQ(files_read("SELECT old FROM " + table.scan() + " WHERE p = 1"), "1 of 2");
  expect_same_rows(
      table, {"old = 'dropped'", "old IS NULL", "s.\"inner new\" = 7", "p = 2", "renamed >= 2"});
}

TEST_F(DeltaScanSchema, ColumnsAreFoundByFieldId) {
  HandMadeTable table(connection_, "by-id");
  const json schema = struct_type(
      {field("a", "long", mapped(11, "x")),
       field("s", struct_type({field("b", "string", mapped(13, "y"))}), mapped(12, "z"))});
  table.commit({HandMadeTable::protocol({"columnMapping"}),
                table.metadata(schema.dump(), {}, {{"delta.columnMapping.mode", "id"}}),
                table.file("SELECT 5 AS a, 1::BIGINT AS q, {r: 'inside', b: 'other'} AS w", {}, {},
                           ", FIELD_IDS {q: 11, w: {__duckdb_field_id: 12, r: 13, b: 99}, a: 98}"),
                table.file("SELECT 1::BIGINT AS a")});
  EXPECT_EQ(rows("FROM " + table.scan() + " ORDER BY a"), "1|{'b': inside}\nNULL|NULL\n");
  expect_same_rows(table, {"a = 1", "a IS NULL", "s.b = 'inside'", "s.b = 'other'"});
}

TEST_F(DeltaScanSchema, WidenedColumnsKeepTheirValuesAndOrder) {
  HandMadeTable table(connection_, "widened");
  const json schema = struct_type({field("id", "long"), field("b", "integer"), field("i", "long"),
                                   field("f", "double"), field("n", "double"),
                                   field("d", "timestamp_ntz"), field("c", "decimal(12,4)"),
                                   field("k", "decimal(12,2)"), field("l", array_type("long"))});
  const std::string narrow =
      "SELECT i::BIGINT AS id, i::TINYINT AS b, i::INTEGER AS i, (i + 0.1)::FLOAT AS f, "
      "i::INTEGER AS n, DATE '2024-01-01' + i::INTEGER AS d, (i + 0.25)::DECIMAL(6,2) AS c, "
      "i::INTEGER AS k, [i::INTEGER] AS l FROM range(5) r(i)";
  const std::string wide =
      "SELECT i::BIGINT AS id, (i + 100)::INTEGER AS b, i + 5000000000 AS i, i + 0.1::DOUBLE AS f, "
      "i + 0.5::DOUBLE AS n, TIMESTAMP '2024-01-02 12:00:00' + to_days(i::INTEGER) AS d, "
      "(i + 0.2525)::DECIMAL(12,4) AS c, (i + 0.5)::DECIMAL(12,2) AS k, [i::BIGINT] AS l "
      "FROM range(5, 10) r(i)";
  const std::vector<std::string> columns = {"id", "b", "i", "f", "n", "d", "c", "k"};
  table.commit({HandMadeTable::protocol({"typeWidening", "timestampNtz"}),
                table.metadata(schema.dump()), table.file(narrow, columns),
                table.file(wide, columns)});
  EXPECT_EQ(rows("SELECT * EXCLUDE f FROM " + table.scan() + " WHERE id IN (1, 6) ORDER BY id"),
            "1|1|1|1.0|2024-01-02 00:00:00|1.2500|1.00|[1]\n"
            "6|106|5000000006|6.5|2024-01-08 12:00:00|6.2525|6.50|[6]\n");
  EXPECT_EQ(rows("SELECT f FROM " + table.scan() + " WHERE id = 1"), "1.100000023841858\n");
  expect_same_rows(table, {"b > 2",
                           "b = 103",
                           "b < 300",
                           "i < 3",
                           "i > 4000000000",
                           "i = 3",
                           "f = 1.1",
                           "f = 1.1::FLOAT::DOUBLE",
                           "f > 4.1",
                           "f <= 4.1",
                           "n > 2.5",
                           "n >= 2.5",
                           "n < 2.5",
                           "n = 2",
                           "d > TIMESTAMP '2024-01-02 12:00:00'",
                           "d < TIMESTAMP '2024-01-02 12:00:00'",
                           "d = TIMESTAMP '2024-01-02 00:00:00'",
                           "c > 1.2499",
                           "c < 1.2501",
                           "c = 1.25",
                           "k < 1.5",
                           "k > 1.5",
                           "k = 2",
                           "k IN (1, 6.5)",
                           "n IN (2, 2.5, 6.5)",
                           "l[1] = 3",
                           "n IS NULL",
                           "i % 2 = 0 AND n < 3.5"});
}

TEST_F(DeltaScanSchema, VariantsAreShownAsTheirTwoFields) {
  HandMadeTable table(connection_, "variant");
  const json variants =
      struct_type({field("id", "long"), field("v", "variant"), field("l", array_type("variant"))});
  const std::string one = R"({'value': '\x0C\x05'::BLOB, 'metadata': '\x01\x00\x00'::BLOB})";
  table.commit({HandMadeTable::protocol({"variantType"}), table.metadata(variants.dump()),
                table.file("SELECT 2::BIGINT AS id, " + one + " AS v, [" + one + "] AS l"),
                table.file("SELECT 3::BIGINT AS id")});
  EXPECT_EQ(rows("SELECT id, v.metadata, v.value, l FROM " + table.scan() + " ORDER BY id"),
            "2|\\x01\\x00\\x00|\\x0C\\x05|[{'value': \\x0C\\x05, 'metadata': \\x01\\x00\\x00}]\n"
            "3|NULL|NULL|NULL\n");
  EXPECT_EQ(connection_.describe("SELECT v FROM " + table.scan()).at(0).duckdb_type,
            "STRUCT(\"value\" BLOB, metadata BLOB)");
  expect_same_rows(table, {"v IS NULL", "v IS NOT NULL", "v.value = '\\x0C\\x05'::BLOB"});
}

// What interop/test_shredded_variants.py has Spark write, in places where Spark shreds none.
TEST_F(DeltaScanSchema, ShreddedVariantsAreWholeInArraysMapsAndStructs) {
  HandMadeTable table(connection_, "shredded");
  const json parts = struct_type({field("v", "variant"), field("gone", "long")});
  const json variants = struct_type(
      {field("id", "long"), field("v", "variant"), field("l", array_type("variant")),
       field("m", map_type("string", parts)), field("s", struct_type({field("inner", parts)}))});
  const auto shredded = [](const std::string& value, const std::string& typed) {
    return "{'metadata': '\\x01\\x00\\x00'::BLOB, 'value': " + value +
           "::BLOB, 'typed_value': " + typed + "::BIGINT}";
  };
  const std::string five = shredded("NULL", "5"), text = shredded("'\\x05x'", "NULL");
  const std::string none = "NULL::STRUCT(metadata BLOB, value BLOB, typed_value BIGINT)";
  const std::string whole = R"({'value': '\x09yy'::BLOB, 'metadata': '\x01\x00\x00'::BLOB})";
  table.commit({HandMadeTable::protocol({"variantType", "variantShredding"}),
                table.metadata(variants.dump()),
                table.file("SELECT i AS id, CASE i WHEN 0 THEN " + five + " WHEN 1 THEN " + text +
                           " ELSE " + none + " END AS v, CASE WHEN i < 2 THEN [" + five +
                           ", NULL, " + text + "] END AS l, MAP {'k': {'v': " + text +
                           "}} AS m, {'inner': {'v': CASE WHEN i = 0 "
                           "THEN " +
                           five + " END, 'other': 7}} AS s FROM range(3) r(i)"),
                table.file("SELECT 3::BIGINT AS id, " + whole + " AS v")});
  EXPECT_EQ(rows("SELECT id, v.value FROM " + table.scan() + " ORDER BY id"),
            "0|\\x0C\\x05\n1|\\x05x\n2|NULL\n3|\\x09yy\n");
  EXPECT_EQ(rows("SELECT id, [x.value for x in l], m['k'].v.value, m['k'].gone, s.inner.v.value, "
                 "s.inner.v.metadata FROM " +
                 table.scan() + " WHERE id < 3 ORDER BY id"),
            "0|[\\x0C\\x05, NULL, \\x05x]|\\x05x|NULL|\\x0C\\x05|\\x01\\x00\\x00\n"
            "1|[\\x0C\\x05, NULL, \\x05x]|\\x05x|NULL|NULL|NULL\n"
            "2|NULL|\\x05x|NULL|NULL|NULL\n");
  EXPECT_EQ(rows("SELECT count(*) FROM " + table.scan() + " WHERE v IS NULL"), "1\n");
  expect_same_rows(table, {"v IS NULL", "v IS NOT NULL", "v.value = '\\x05x'::BLOB", "id = 1",
                           "s.inner.v.value IS NULL", "l IS NULL AND id > 1"});
}

// More than DuckDB has in a vector.
TEST_F(DeltaScanSchema, ShreddedVariantsAreWholeInLongArrays) {
  HandMadeTable table(connection_, "shredded-long");
  table.commit({HandMadeTable::protocol({"variantType", "variantShredding"}),
                table.metadata(struct_type({field("l", array_type("variant"))}).dump()),
                table.file("SELECT [CASE WHEN i % 3 > 0 THEN {'metadata': "
                           "'\\x01\\x00\\x00'::BLOB, 'value': NULL::BLOB, 'typed_value': i % 100} "
                           "END FOR i IN range(r.n * 1000)] AS l FROM range(20) r(n)")});
  EXPECT_EQ(rows("SELECT count(*), count(x), count(x.value), count(DISTINCT x.value) FROM (SELECT "
                 "unnest(l) AS x FROM " +
                 table.scan() + ")"),
            "190000|126660|126660|100\n");
}

TEST_F(DeltaScanSchema, AVariantThatIsNoneIsNamed) {
  const std::string names = "'metadata': '\\x01\\x00\\x00'::BLOB";
  const std::pair<std::string, std::string> faults[] = {
      {names + ", 'value': '\\x00'::BLOB, 'typed_value': 5", "it has two values in one place"},
      {names + ", 'value': NULL::BLOB, 'typed_value': {'a': {'typed_value': 5}}",
       "its metadata does not list 'a'"},
      {names + ", 'value': 5, 'typed_value': 5", "part 'value' of a variant is no binary"},
      {"'metadata': 1, 'value': NULL::BLOB, 'typed_value': 5", "part 'metadata' of a variant"},
      {"'metadatb': ''::BLOB, 'value': NULL::BLOB, 'typed_value': 5", "part 'metadatb'"},
      {names + ", 'value': NULL::BLOB, 'typed_valuf': 5", "part 'typed_valuf'"},
      {names + ", 'typed_value': [5]", "is no group"},
      {names + ", 'typed_value': {'a': 5}", "part 'a' of a variant is no group"},
      {names + ", 'typed_value': {'a': {'valuf': 5}}", "part 'valuf' of a variant is not known"},
      {names + ", 'typed_value': MAP {'a': 5}", "which is not read"},
      {names, "lacks a part"}};
  int tables = 0;
  for (const auto& [stored, why] : faults) {
    HandMadeTable table(connection_, "broken-variant-" + std::to_string(tables++));
    table.commit({HandMadeTable::protocol({"variantType", "variantShredding-preview"}),
                  table.metadata(struct_type({field("v", "variant")}).dump()),
                  table.file("SELECT {" + stored + "} AS v")});
    for (const char* const condition : {"true", "v IS NOT NULL", "v.value = '\\x00'::BLOB"}) {
      try {
        rows("FROM " + table.scan() + " WHERE " + condition);
        ADD_FAILURE() << stored << " was read";
      } catch (const base::Error& error) {
        EXPECT_EQ(error.code(), "DELTA_DATA_FILE_UNREADABLE") << error.message();
        EXPECT_NE(error.message().find(why), std::string::npos) << error.message();
        EXPECT_NE(error.message().find(".parquet'"), std::string::npos) << error.message();
      }
    }
  }
}

// Not a damaged name, though nearly that of the one that is lacking.
TEST_F(DeltaScanSchema, AColumnThatTheTableHasIsNoOther) {
  HandMadeTable table(connection_, "near-names");
  delta::AddFile file = table.file("SELECT 1::BIGINT AS a1, 2::BIGINT AS x");
  file.stats = R"({"numRecords":1,"minValues":{"a1":1,"x":2},"maxValues":{"a1":1,"x":2}})";
  table.commit({HandMadeTable::protocol(),
                table.metadata(struct_type({field("a1", "long"), field("a2", "long")}).dump()),
                file});
  EXPECT_EQ(rows("FROM " + table.scan()), "1|NULL\n");
}

TEST_F(DeltaScanSchema, AColumnOfNoTypeIsNull) {
  HandMadeTable table(connection_, "void");
  table.commit({HandMadeTable::protocol(),
                table.metadata(struct_type({field("id", "long"), field("v", "void")}).dump()),
                table.file("SELECT 1::BIGINT AS id")});
  EXPECT_EQ(rows("FROM " + table.scan() + " WHERE v IS NULL"), "1|NULL\n");
}

TEST_F(DeltaScanSchema, WidenedColumnsCanBeJoined) {
  HandMadeTable table(connection_, "widened-join");
  table.commit({HandMadeTable::protocol({"typeWidening"}),
                table.metadata(struct_type({field("n", "double"), field("i", "long")}).dump()),
                table.file("SELECT i::INTEGER AS n, i::INTEGER AS i FROM range(100000) r(i)"),
                table.file("SELECT i::DOUBLE AS n, i AS i FROM range(100000, 200000) r(i)")});
  connection_.execute("CREATE TABLE wanted AS SELECT i * 1000 AS i FROM range(300) r(i)");
  EXPECT_EQ(rows("SELECT count(*) FROM " + table.scan() + " JOIN wanted USING (i)"), "200\n");
  EXPECT_EQ(rows("SELECT count(*) FROM " + table.scan() + " t JOIN wanted w ON t.n = w.i::DOUBLE"),
            "200\n");
}

}  // namespace
}  // namespace duck
