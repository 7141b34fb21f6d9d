#include "duck/spark_expression.h"

#include <gtest/gtest.h>

#include <map>

#include "base/error.h"
#include "duck/database.h"

namespace duck {
namespace {

using delta::DataType;
using delta::StructField;
using delta::TypeKind;

StructField field(const std::string& name, DataType type) {
  return {.name = name, .type = std::move(type)};
}

DataType of(TypeKind kind) { return DataType::primitive(kind); }

const delta::Schema& columns() {
  static const delta::Schema columns{
      {field("i", of(TypeKind::kInteger)), field("l", of(TypeKind::kLong)),
       field("t", of(TypeKind::kByte)), field("f", of(TypeKind::kFloat)),
       field("d", of(TypeKind::kDouble)), field("p", DataType::decimal(10, 2)),
       field("s", of(TypeKind::kString)), field("b", of(TypeKind::kBoolean)),
       field("n", of(TypeKind::kInteger)), field("x", of(TypeKind::kBinary)),
       field("day", of(TypeKind::kDate)), field("ts", of(TypeKind::kTimestamp)),
       field("local", of(TypeKind::kTimestampNtz)), field("my col", of(TypeKind::kString)),
       field("o", DataType::struct_of(
                      {field("A", of(TypeKind::kInteger)),
                       field("q", DataType::struct_of({field("z", of(TypeKind::kString))}))})),
       field("m", DataType::map_of(of(TypeKind::kString), of(TypeKind::kLong), true)),
       field("arr", DataType::array_of(of(TypeKind::kLong), true))}};
  return columns;
}

constexpr const char* kRow =
    "(SELECT 7::INTEGER AS i, -3::BIGINT AS l, 100::TINYINT AS t, 0.1::FLOAT AS f, 2.5::DOUBLE AS "
    "d, 12.75::DECIMAL(10, 2) AS p, ' Añ_b ' AS s, TRUE AS b, NULL::INTEGER AS n, 'ab'::BLOB AS x, "
    "DATE '2024-02-29' AS day, TIMESTAMPTZ '2024-03-03 23:30:15.250000+00' AS ts, TIMESTAMP "
    "'2024-12-31 01:02:03' AS local, 'v' AS \"my col\", {'A': 5, 'q': {'z': 'deep'}} AS o, "
    "map {'k': 9::BIGINT} AS m, [1::BIGINT] AS arr)";

class SparkExpressionTest : public testing::Test {
 protected:
  // The value for the row, as DuckDB writes it, and "!" with the message where it is refused or
  // fails.
  std::string value(const std::string& text) {
    try {
      const SparkExpression translated = translate_spark_expression(text, columns(), "a test");
      const auto result =
          connection_.query("SELECT (" + translated.sql + ")::VARCHAR FROM " + kRow);
      const delta::Value& cell = result.rows.at(0).at(0);
      return std::holds_alternative<std::string>(cell) ? std::get<std::string>(cell) : "NULL";
    } catch (const base::Error& error) {
      if (error.details().contains("reason")) return "!" + error.details().at("reason");
      return "!" + error.message();
    }
  }

  static std::string type(const std::string& text) {
    return translate_spark_expression(text, columns(), "a test").type.to_string();
  }

  void expect(const std::map<std::string, std::string>& values) {
    for (const auto& [text, expected] : values) EXPECT_EQ(value(text), expected) << text;
  }

  void expect_refused(const std::vector<std::string>& texts) {
    for (const std::string& text : texts) {
      EXPECT_THROW(translate_spark_expression(text, columns(), "a test"), base::Error) << text;
    }
  }

  Database database_{DatabaseConfig{.threads = 1, .settings = {{"TimeZone", "Asia/Tokyo"}}}};
  Connection connection_{database_};
};

TEST_F(SparkExpressionTest, LiteralsHaveSparksTypes) {
  EXPECT_EQ(type("1"), "integer");
  EXPECT_EQ(type("-2147483648"), "integer");
  EXPECT_EQ(type("2147483648"), "long");
  EXPECT_EQ(type("92233720368547758080"), "decimal(20,0)");
  EXPECT_EQ(type("1L"), "long");
  EXPECT_EQ(type("1S"), "short");
  EXPECT_EQ(type("1Y"), "byte");
  EXPECT_EQ(type("1.50"), "decimal(3,2)");
  EXPECT_EQ(type("0.05"), "decimal(2,2)");
  EXPECT_EQ(type("1e3"), "double");
  EXPECT_EQ(type("1.5D"), "double");
  EXPECT_EQ(type("1.5F"), "float");
  EXPECT_EQ(type("NULL"), "void");
  expect({{"1.50", "1.50"},
          {"'it\\'s'", "it's"},
          {"TRUE", "true"},
          {"DATE '2024-02-29'", "2024-02-29"},
          {"TIMESTAMP_NTZ '2024-02-29T12:00:00.5'", "2024-02-29 12:00:00.5"},
          {"TIMESTAMP '2024-02-29 12:00:00+02:00' = TIMESTAMP '2024-02-29 10:00:00Z'", "true"}});
  expect_refused({"200Y", "1.5L", "1x", "DATE '2024-02-30'", "DATE '2024'",
                  "TIMESTAMP '2024-02-29'", "TIMESTAMP '2024-02-29 25:00:00Z'",
                  "TIMESTAMP_NTZ '2024-02-29 10:00:00Z'",
                  "123456789012345678901234567890123456789"});
}

TEST_F(SparkExpressionTest, ColumnsGoByNameWithoutCase) {
  expect({{"I", "7"},
          {"`my col`", "v"},
          {"o.a", "5"},
          {"O.Q.Z", "deep"},
          {"m['k']", "9"},
          {"m['other']", "NULL"},
          {"\"text\"", "text"},
          {"nope", "!there is no column 'nope'"},
          {"o.nope", "!there is no field 'nope'"},
          {"i.a", "!the field 'a' of integer"},
          {"\"my col\"", "!\"my col\" may be a text or the column of that name"}});
  expect_refused({"arr[0]", "m[1]", "o.q[1]"});
}

TEST_F(SparkExpressionTest, ComparisonsBringTypesTogether) {
  expect({{"i = 7", "true"},
          {"i = 7.0", "true"},
          {"l < i", "true"},
          {"t > 99", "true"},
          {"p >= 12.750", "true"},
          {"d = 2.5", "true"},
          {"f = 0.1", "false"},  // of doubles, as in Spark
          {"f < 1", "true"},
          {"n = n", "NULL"},
          {"n <=> n", "true"},
          {"n <=> 1", "false"},
          {"NULL <=> n", "true"},
          {"s > ' A'", "true"},
          {"'Z' < 'a'", "true"},
          {"x = CAST('ab' AS BINARY)", "true"},
          {"b = TRUE", "true"},
          {"b IS NOT FALSE", "true"},
          {"day = '2024-02-29'", "true"},
          {"day < '2024-3-1'", "true"},
          {"day < ts", "true"},
          {"ts > '2024-03-03 23:30:15Z'", "true"},
          {"local = '2024-12-31 01:02:03'", "true"},
          {"i IN (1, 7L)", "true"},
          {"i NOT IN (1, NULL)", "NULL"},
          {"day IN ('2024-02-29')", "true"},
          {"i BETWEEN 7 AND 8", "true"},
          {"CAST('NaN' AS STRING) = 'NaN'", "true"},
          {"i IS DISTINCT FROM n", "true"}});
  expect_refused({"i = '7'", "s = 1", "i = f", "l > f", "b = 1", "o = o", "arr = arr", "ts > local",
                  "day = s", "ts > '2024-03-03'", "day = 'yesterday'", "NULL = NULL", "i = day"});
}

TEST_F(SparkExpressionTest, ArithmeticIsSparks) {
  expect({{"i / 2", "3.5"},
          {"7 / 2", "3.5"},
          {"i div 2", "3"},
          {"l div 2", "-1"},
          {"-7 % 3", "-1"},
          {"mod(i, 4)", "3"},
          {"pmod(-7, 3)", "2"},
          {"i + 1L", "8"},
          {"p + 0.005", "12.755"},
          {"p * 2", "25.50"},
          {"99999999.99 * 9999999999", "999999999800000000.01"},
          {"999999999999999999 + 1.5", "1000000000000000000.5"},
          {"d * 2", "5.0"},
          {"-i", "-7"},
          {"- p", "-12.75"},
          {"day + 1", "2024-03-01"},
          {"day - 29", "2024-01-31"},
          {"1.5 + d", "4.0"},
          {"i + n", "NULL"}});
  EXPECT_EQ(type("t + t"), "byte");
  EXPECT_EQ(type("t + 1"), "integer");
  EXPECT_EQ(type("i / 1"), "double");
  EXPECT_EQ(type("i div 1"), "long");
  EXPECT_EQ(type("p + p"), "decimal(11,2)");
  EXPECT_EQ(type("p * i"), "decimal(21,2)");
  EXPECT_EQ(type("p * 2"), "decimal(12,2)");
  EXPECT_EQ(value("i / 0"), "!division by zero");
  EXPECT_EQ(value("i % 0"), "!division by zero");
  EXPECT_EQ(value("1 div (i - 7)"), "!division by zero");
  EXPECT_EQ(value("t + t").front(), '!');
  EXPECT_EQ(value("2147483647 + 1").front(), '!');
  expect_refused({"p / 2", "p % 2", "p div 2", "s + 1", "i + f", "day + 1L", "day - day",
                  "1 + TRUE", "CAST(p AS DECIMAL(38,2)) + p"});
}

TEST_F(SparkExpressionTest, LogicDoesNotComputeWhatIsDecided) {
  expect({{"b AND n = 1", "NULL"},
          {"NOT b OR n IS NULL", "true"},
          {"n = 1 AND FALSE", "false"},
          {"i <> 7 AND 10 / (i - 7) > 1", "false"},
          {"i = 7 OR 10 / (i - 7) > 1", "true"},
          {"b AND i <> 7 AND 10 / (i - 7) > 1 AND b", "false"},
          {"n = 1 AND 10 / (i - 7) > 1", "!division by zero"},
          {"CASE WHEN i = 7 THEN 0 ELSE 10 / (i - 7) END", "0.0"},
          {"if(i = 7, 1, 1 div (i - 7))", "1"},
          {"coalesce(i, 1 div (i - 7))", "7"}});
  expect_refused({"i AND b", "NOT i", "CASE WHEN i THEN 1 END", "s OR b"});
}

TEST_F(SparkExpressionTest, ChoicesHaveOneType) {
  expect({{"CASE i WHEN 7 THEN 'seven' ELSE 'other' END", "seven"},
          {"CASE WHEN FALSE THEN 1 END", "NULL"},
          {"CASE WHEN b THEN 1 ELSE 2.5 END", "1.0"},
          {"coalesce(n, l)", "-3"},
          {"nvl(n, 5)", "5"},
          {"ifnull(n, NULL)", "NULL"},
          {"nvl2(n, 'a', 'z')", "z"},
          {"nullif(i, 7)", "NULL"},
          {"nullif(i, 8)", "7"},
          {"greatest(i, n, 9)", "9"},
          {"least(i, l)", "-3"},
          {"isnull(n) AND isnotnull(i)", "true"}});
  EXPECT_EQ(type("coalesce(i, 1.5)"), "decimal(11,1)");
  expect_refused({"coalesce(i, 'x')", "CASE WHEN b THEN day ELSE '2024-01-01' END", "if(b, 1)",
                  "least(o, o)", "greatest(1)"});
}

TEST_F(SparkExpressionTest, PatternsAreSparks) {
  expect({{"s LIKE '%ñ\\_b_'", "true"},
          {"s LIKE '%ñ_b'", "false"},
          {"'a%b' LIKE 'a\\%b'", "true"},
          {"'axb' LIKE 'a\\%b'", "false"},
          {"'a%b' LIKE 'a/%b' ESCAPE '/'", "true"},
          {"n IS NULL AND s NOT LIKE 'x%'", "true"},
          {"s RLIKE 'ñ'", "true"},
          {"s RLIKE '^ A.*b $'", "true"},
          {"'a\\n' RLIKE 'a$'", "true"},
          {"'a\\nb' RLIKE 'a.b'", "false"},
          {"'a\\rb' RLIKE 'a.b'", "false"},
          {R"(regexp_like('2024-01', '\\d{4}-\\d\\d'))", "true"}});
  expect_refused(
      {"s LIKE `my col`", "s RLIKE `my col`", "i LIKE '7'", "s LIKE 'a\\\\b'", "s RLIKE '(?i)a'"});
}

TEST_F(SparkExpressionTest, TextsWithACollationAreNotComparedByTheirBytes) {
  StructField text = field("a", of(TypeKind::kString));
  text.metadata["__COLLATIONS"] = {{"a", "spark.UTF8_LCASE"}};
  const delta::Schema collated{{text, field("s", DataType::struct_of({text}))}};
  for (const char* const expression : {"a <> 'zzz'", "s.a <> 'zzz'"}) {
    try {
      translate_spark_expression(expression, collated, "a test");
      FAIL() << expression;
    } catch (const base::Error& error) {
      EXPECT_EQ(error.details().at("reason"), "texts of 'a' are compared by a collation");
    }
  }
}

TEST_F(SparkExpressionTest, CastsAreSparks) {
  expect({{"CAST(p AS INT)", "12"},
          {"CAST(-2.5D AS INT)", "-2"},
          {"CAST(d AS BIGINT)", "2"},
          {"CAST(' 42 ' AS INT)", "42"},
          {"CAST('+7' AS BIGINT)", "7"},
          {"CAST('1.5' AS INT)", "!the text is not a number"},
          {"CAST('' AS INT)", "!the text is not a number"},
          {"CAST('1e2' AS DOUBLE)", "100.0"},
          {"CAST(' NaN' AS DOUBLE)", "nan"},
          {"CAST('-INF' AS DOUBLE)", "-inf"},
          {"CAST('+Infinity' AS FLOAT)", "inf"},
          {"CAST('-nan' AS DOUBLE)", "!the text is not a number"},
          {"CAST('inf' AS DECIMAL(5, 2))", "!the text is not a number"},
          {"CAST('1.005' AS DECIMAL(5, 2))", "1.01"},
          {"CAST(p AS DECIMAL(4, 1))", "12.8"},
          {"CAST(i AS STRING)", "7"},
          {"CAST(p AS STRING)", "12.75"},
          {"CAST(b AS INT)", "1"},
          {"CAST(i AS BOOLEAN)", "true"},
          {"CAST(' Yes' AS BOOLEAN)", "true"},
          {"CAST('perhaps' AS BOOLEAN)", "!the text is not a truth value"},
          {"CAST('2024-2-9' AS DATE)", "2024-02-09"},
          {"CAST('tomorrow' AS DATE)", "!the text is not a date of the form 2024-02-29"},
          {"CAST(day AS STRING)", "2024-02-29"},
          {"CAST(ts AS DATE)", "2024-03-03"},  // in UTC, whatever the session's zone
          {"ts::timestamp_ntz", "2024-03-03 23:30:15.25"},
          {"CAST(local AS TIMESTAMP) = TIMESTAMP '2024-12-31 01:02:03Z'", "true"},
          {"CAST(day AS TIMESTAMP) = TIMESTAMP '2024-02-29 00:00:00Z'", "true"},
          {"CAST(NULL AS INT)", "NULL"},
          {"CAST(n AS STRING)", "NULL"},
          {"int('5') + bigint(1)", "6"}});
  EXPECT_EQ(value("CAST(300 AS TINYINT)").front(), '!');
  EXPECT_EQ(value("CAST('99999999999' AS INT)").front(), '!');
  EXPECT_EQ(value("CAST(12345.5 AS DECIMAL(4, 1))").front(), '!');
  expect_refused({"CAST(d AS STRING)", "CAST(d AS DECIMAL(10, 2))", "CAST(ts AS STRING)",
                  "CAST(ts AS BIGINT)", "CAST(i AS TIMESTAMP)", "CAST(s AS TIMESTAMP)",
                  "CAST(o AS STRING)", "CAST(s AS VARCHAR(3))", "CAST(i AS DECIMAL(40, 1))",
                  "CAST(day AS INT)", "CAST(s AS INTERVAL)", "TRY_CAST(s AS INT)"});
}

TEST_F(SparkExpressionTest, TextFunctionsAreSparks) {
  expect({{"length(s)", "6"},
          {"length(x)", "2"},
          {"upper(s)", " AÑ_B "},
          {"lower('ÀB')", "àb"},
          {"trim(s)", "Añ_b"},
          {"ltrim(s)", "Añ_b "},
          {"rtrim(s)", " Añ_b"},
          {"trim('\\t a')", "\t a"},
          {"substring(s, 2, 2)", "Añ"},
          {"substring(s, 0, 2)", " A"},
          {"substr(s, 4)", "_b "},
          {"substring(s, -2)", "b "},
          {"substring(s FROM 2 FOR 1)", "A"},
          {"left(s, 2)", " A"},
          {"right(s, 2)", "b "},
          {"concat(s, i)", " Añ_b 7"},
          {"concat('a', CAST(NULL AS STRING))", "NULL"},
          {"'a' || l", "a-3"},
          {"concat_ws('-', 'a', CAST(NULL AS STRING), 'b')", "a-b"},
          {"replace(s, ' ', '.')", ".Añ_b."},
          {"replace(s, '_')", " Añb "},
          {"lpad('ab', 4, '*')", "**ab"},
          {"rpad('ab', 1)", "a"},
          {"startswith(s, ' A')", "true"},
          {"endswith(s, 'b')", "false"},
          {"contains(s, 'ñ')", "true"},
          {"instr(s, 'b')", "5"},
          {"locate('b', s)", "5"},
          {"upper('straße')", "!a character has another case that is not one character"},
          {"lower('ΟΣ')", "!a character has another case that is not one character"}});
  expect_refused({"substring(s, -3, 2)", "substring(s, i)", "length(d)", "upper(o)", "repeat(s, 2)",
                  "reverse(s)", "initcap(s)", "replace(s, `my col`, 'x')", "concat(d, s)", "md5(s)",
                  "split(s, ',')", "size(arr)", "locate('b', s, 2)", "trim(s, 'x')"});
}

TEST_F(SparkExpressionTest, DateFunctionsAreSparksInUtc) {
  expect({{"year(ts)", "2024"},
          {"quarter(day)", "1"},
          {"month(local)", "12"},
          {"day(ts)", "3"},
          {"dayofmonth(day)", "29"},
          {"dayofyear(day)", "60"},
          {"dayofweek(ts)", "1"},
          {"weekday(ts)", "6"},
          {"weekofyear(local)", "1"},
          {"hour(ts)", "23"},
          {"minute(ts)", "30"},
          {"second(ts)", "15"},
          {"extract(month FROM day)", "2"},
          {"to_date(ts)", "2024-03-03"},
          {"to_date('2024-01-02')", "2024-01-02"},
          {"date(local)", "2024-12-31"},
          {"date_trunc('MONTH', local)", "2024-12-01 00:00:00"},
          {"date_trunc('week', ts) = TIMESTAMP '2024-02-26 00:00:00Z'", "true"},
          {"date_trunc('hour', ts) = TIMESTAMP '2024-03-03 23:00:00Z'", "true"},
          {"trunc(day, 'year')", "2024-01-01"},
          {"trunc(ts, 'WEEK')", "2024-02-26"},
          {"date_format(ts, 'yyyy-MM-dd')", "2024-03-03"},
          {"date_format(ts, \"yyyyMMdd'T'HHmmss.SSS\")", "20240303T233015.250"},
          {"date_format(day, 'yyyy-MM')", "2024-02"},
          {"date_add(day, 1)", "2024-03-01"},
          {"date_sub(ts, 3)", "2024-02-29"},
          {"add_months(day, 12)", "2025-02-28"},
          {"datediff(ts, day)", "3"},
          {"last_day(day)", "2024-02-29"},
          {"current_timestamp() > ts AND now() IS NOT NULL", "true"},
          {"current_date > day", "true"}});
  EXPECT_EQ(type("year(ts)"), "integer");
  EXPECT_EQ(type("date_trunc('day', day)"), "timestamp");
  EXPECT_EQ(type("date_trunc('day', local)"), "timestamp_ntz");
  expect_refused({"year(s)", "date_format(ts, 'EEE')", "date_format(ts, s)", "date_trunc('day', s)",
                  "trunc(day, 'day')", "date_trunc('century', ts)", "to_date(s, 'yyyy')",
                  "unix_timestamp(ts)", "add_months(day, i)", "date_add(day, l)",
                  "extract(second FROM ts)"});
}

TEST_F(SparkExpressionTest, NumberFunctionsAreSparks) {
  expect({{"abs(l)", "3"},
          {"round(p)", "13"},
          {"round(p, 1)", "12.8"},
          {"round(-p, 1)", "-12.8"},
          {"round(p, 5)", "12.75"},
          {"round(d)", "3.0"},
          {"round(-2.5D)", "-3.0"},
          {"round(i, 2)", "7"},
          {"floor(d)", "2"},
          {"ceil(-2.5D)", "-2"},
          {"floor(-p)", "-13"},
          {"sqrt(16)", "4.0"},
          {"isnan(d)", "false"},
          {"isnan(CAST(NULL AS DOUBLE))", "false"}});
  EXPECT_EQ(type("round(p, 1)"), "decimal(10,1)");
  EXPECT_EQ(type("floor(d)"), "long");
  EXPECT_EQ(type("ceil(p)"), "decimal(9,0)");
  expect_refused({"round(d, 2)", "round(i, -1)", "abs(s)", "log(d)", "pow(d, 2)", "rand()",
                  "hash(i)", "pmod(i, -1)", "isnan(i)"});
}

TEST_F(SparkExpressionTest, ARefusalNamesTheExpressionAndItsPlace) {
  try {
    translate_spark_expression("frobnicate(i) > 0", columns(), "the CHECK constraint 'c'");
    FAIL();
  } catch (const base::Error& error) {
    EXPECT_EQ(error.code(), "DELTA_UNSUPPORTED_EXPRESSION");
    EXPECT_EQ(error.details().at("expression"), "frobnicate(i) > 0");
    EXPECT_EQ(error.details().at("place"), "the CHECK constraint 'c'");
    EXPECT_EQ(error.details().at("reason"), "the function 'frobnicate'");
    EXPECT_EQ(error.message(),
              "the expression (frobnicate(i) > 0) of the CHECK constraint 'c' cannot be kept: the "
              "function 'frobnicate'");
  }
}

TEST_F(SparkExpressionTest, WhatGrowsOutOfHandIsRefused) {
  std::string nested = "i";
  for (int i = 0; i < 20; ++i) nested = "1 / (" + nested + ")";
  EXPECT_EQ(value(nested), "!it becomes too long");
}

TEST_F(SparkExpressionTest, NamesAndTextsNeverBecomeSql) {
  const delta::Schema odd{{field("a\"b", of(TypeKind::kInteger))}};
  EXPECT_EQ(translate_spark_expression("`a\"b` = 1", odd, "").sql,
            "(\"a\"\"b\" = CAST('1' AS INTEGER))");
  EXPECT_EQ(value("'\\'; DROP TABLE x; --'"), "'; DROP TABLE x; --");
}

}  // namespace
}  // namespace duck
