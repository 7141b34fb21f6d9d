// Every type change that the protocol allows, of columns and of parts of them.
#include <nlohmann/json.hpp>

#include "duck/hand_made_table.h"
#include "duck/scan_test_base.h"

namespace duck {
namespace {

using nlohmann::json;

struct Widening {
  const char* from;    // as DuckDB calls it
  const char* values;  // as an SQL list, least first
  const char* to;      // as DuckDB calls it
  const char* delta;   // as Delta calls it
};

constexpr const char* kBytes = "[-128, 0, 7, 127]";
constexpr const char* kShorts = "[-32768, 0, 7, 32767]";
constexpr const char* kIntegers = "[-2147483648, 0, 7, 2147483647]";
constexpr const char* kLongs = "[-9223372036854775808, 0, 7, 9223372036854775807]";

constexpr Widening kWidenings[] = {
    {"TINYINT", kBytes, "SMALLINT", "short"},
    {"TINYINT", kBytes, "INTEGER", "integer"},
    {"TINYINT", kBytes, "BIGINT", "long"},
    {"TINYINT", kBytes, "DOUBLE", "double"},
    {"TINYINT", kBytes, "DECIMAL(10,0)", "decimal(10,0)"},
    {"TINYINT", kBytes, "DECIMAL(38,20)", "decimal(38,20)"},
    {"SMALLINT", kShorts, "INTEGER", "integer"},
    {"SMALLINT", kShorts, "BIGINT", "long"},
    {"SMALLINT", kShorts, "DOUBLE", "double"},
    {"SMALLINT", kShorts, "DECIMAL(12,2)", "decimal(12,2)"},
    {"INTEGER", kIntegers, "BIGINT", "long"},
    {"INTEGER", kIntegers, "DOUBLE", "double"},
    {"INTEGER", kIntegers, "DECIMAL(10,0)", "decimal(10,0)"},
    {"INTEGER", kIntegers, "DECIMAL(30,5)", "decimal(30,5)"},
    {"BIGINT", kLongs, "DECIMAL(20,0)", "decimal(20,0)"},
    {"BIGINT", kLongs, "DECIMAL(25,5)", "decimal(25,5)"},
    {"FLOAT", "[-3.4028235e38, 0, 0.1, 3.4028235e38]", "DOUBLE", "double"},
    {"DATE", "['0001-01-01', '1969-12-31', '2024-02-29', '9999-12-31']", "TIMESTAMP",
     "timestamp_ntz"},
    {"DECIMAL(4,2)", "[-99.99, 0, 1.25, 99.99]", "DECIMAL(9,2)", "decimal(9,2)"},
    {"DECIMAL(4,2)", "[-99.99, 0, 1.25, 99.99]", "DECIMAL(18,4)", "decimal(18,4)"},
    {"DECIMAL(9,2)", "[-9999999.99, 0, 1.25, 9999999.99]", "DECIMAL(38,10)", "decimal(38,10)"},
    {"DECIMAL(18,0)", "[-999999999999999999, 0, 7, 999999999999999999]", "DECIMAL(20,2)",
     "decimal(20,2)"},
    {"DECIMAL(20,3)", "[-99999999999999999.999, 0, 1.25, 99999999999999999.999]", "DECIMAL(38,3)",
     "decimal(38,3)"},
};

json field(const std::string& name, const json& type) {
  return {{"name", name}, {"type", type}, {"nullable", true}, {"metadata", json::object()}};
}

// The type as a column, a struct's field, an array's element, a map's key and value.
json schema_of(const json& type) {
  const json inside = {{"type", "struct"}, {"fields", {field("x", type)}}};
  const json array = {{"type", "array"}, {"elementType", type}, {"containsNull", true}};
  const json keys = {
      {"type", "map"}, {"keyType", type}, {"valueType", "string"}, {"valueContainsNull", true}};
  const json values = {
      {"type", "map"}, {"keyType", "string"}, {"valueType", type}, {"valueContainsNull", true}};
  return {{"type", "struct"},
          {"fields",
           {field("id", "long"), field("c", type), field("s", inside), field("l", array),
            field("k", keys), field("v", values)}}};
}

std::string query_of(const Widening& widening, const std::string& type, int first_id) {
  const std::string value = "v::" + std::string(widening.from) + "::" + type;
  return "SELECT (" + std::to_string(first_id) + " + row_number() OVER ())::BIGINT AS id, " +
         value + " AS c, {x: " + value + "} AS s, [" + value + ", NULL] AS l, MAP {" + value +
         ": 'a'} AS k, MAP {'a': " + value + "} AS v FROM (SELECT unnest(" + widening.values +
         ") AS v UNION ALL SELECT NULL) WHERE v IS NOT NULL";
}

class TypeWidening : public ScanTest {};

TEST_F(TypeWidening, FilesOfBothTypesReadAsTheWiderOne) {
  int number = 0;
  for (const Widening& widening : kWidenings) {
    SCOPED_TRACE(std::string(widening.from) + " to " + widening.delta);
    HandMadeTable table(connection_, "widening-" + std::to_string(number++));
    const std::string narrow = query_of(widening, widening.from, 0);
    const std::string wide = query_of(widening, widening.to, 100);
    table.commit({HandMadeTable::protocol({"typeWidening", "timestampNtz"}),
                  table.metadata(schema_of(widening.delta).dump()), table.file(narrow, {"c"}),
                  table.file(wide, {"c"})});
    connection_.execute("CREATE OR REPLACE TABLE expected AS " +
                        query_of(widening, widening.to, 0) + " UNION ALL " + wide);
    EXPECT_EQ(connection_.describe("SELECT c FROM " + table.scan()).at(0).duckdb_type, widening.to);
    EXPECT_EQ(rows("FROM " + table.scan() + " ORDER BY id"), rows("FROM expected ORDER BY id"));
    for (const char* condition :
         {"c = (SELECT min(c) FROM expected)", "c > (SELECT min(c) FROM expected)",
          "c >= (SELECT max(c) FROM expected)", "s.x < (SELECT max(c) FROM expected)",
          "c IS NULL"}) {
      const std::string where = std::string(" WHERE ") + condition + " ORDER BY id";
      EXPECT_EQ(rows("SELECT id FROM " + table.scan() + where),
                rows("SELECT id FROM expected" + where))
          << condition;
    }
    for (const char* const aggregate : {"min", "max"}) {
      const std::string value = rows("SELECT " + std::string(aggregate) + "(c) FROM expected");
      const std::string constant = "'" + value.substr(0, value.size() - 1) + "'::" + widening.to;
      for (const char* const compare : {" = ", " < ", " <= ", " > ", " >= ", " <> "}) {
        const std::string where = " WHERE c" + std::string(compare) + constant + " ORDER BY id";
        EXPECT_EQ(rows("SELECT id FROM " + table.scan() + where),
                  rows("SELECT id FROM expected" + where))
            << where;
      }
    }
  }
}

}  // namespace
}  // namespace duck
