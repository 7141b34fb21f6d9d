#include "duck/database.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "base/error.h"

namespace duck {
namespace {

std::string code_of(const std::function<void()>& body) {
  try {
    body();
  } catch (const base::Error& error) {
    EXPECT_EQ(error.message().find('\n'), std::string::npos) << error.message();
    EXPECT_EQ(error.message().find("Stack"), std::string::npos) << error.message();
    return error.code();
  }
  return "";
}

class DatabaseTest : public testing::Test {
 protected:
  Database database_{DatabaseConfig{.threads = 2}};
  Connection connection_{database_};
};

TEST_F(DatabaseTest, QueriesReturnTypedRows) {
  const ResultRows result = connection_.query(
      "SELECT 42::BIGINT AS a, 'x' AS b, 1.25::DECIMAL(10,2) AS c, DATE '2024-02-29' AS d, "
      "true AS e, NULL::DOUBLE AS f, 'ab'::BLOB AS g");
  ASSERT_EQ(result.rows.size(), 1U);
  const auto& row = result.rows[0];
  EXPECT_EQ(std::get<std::int64_t>(row[0]), 42);
  EXPECT_EQ(std::get<std::string>(row[1]), "x");
  EXPECT_EQ(std::get<delta::Decimal>(row[2]).unscaled, 125);
  EXPECT_EQ(std::get<delta::Date>(row[3]).days, 19782);
  EXPECT_TRUE(std::get<bool>(row[4]));
  EXPECT_TRUE(delta::is_null(row[5]));
  EXPECT_EQ(std::get<delta::Binary>(row[6]).bytes, "ab");
  EXPECT_EQ(result.columns[0].duckdb_type, "BIGINT");
  EXPECT_EQ(result.columns[2].delta_type, delta::DataType::decimal(10, 2));
}

TEST_F(DatabaseTest, ParametersAreBoundWithTheirTypes) {
  const std::vector<delta::Value> values = {std::int64_t{7},    std::string("o'clock"),
                                            delta::Date{19782}, delta::Timestamp{1'000'001},
                                            std::monostate{},   delta::Decimal{12345, 20, 3}};
  const ResultRows result = connection_.query("SELECT $1 + 1, $2, $3, $4, $5 IS NULL, $6", values);
  const auto& row = result.rows.at(0);
  EXPECT_EQ(std::get<std::int64_t>(row[0]), 8);
  EXPECT_EQ(std::get<std::string>(row[1]), "o'clock");
  EXPECT_EQ(std::get<delta::Date>(row[2]).days, 19782);
  EXPECT_EQ(std::get<delta::Timestamp>(row[3]).micros, 1'000'001);
  EXPECT_TRUE(std::get<bool>(row[4]));
  EXPECT_EQ(std::get<delta::Decimal>(row[5]), (delta::Decimal{12345, 20, 3}));
}

TEST_F(DatabaseTest, DescribeGivesColumnsWithoutRunningTheQuery) {
  const auto columns = connection_.describe(
      "SELECT error('ran')::INTEGER AS \"A b\", $1 AS p, 1::HUGEINT AS h", {std::int64_t{1}});
  ASSERT_EQ(columns.size(), 3U);
  EXPECT_EQ(columns[0].name, "A b");
  EXPECT_EQ(columns[0].delta_type->kind(), delta::TypeKind::kInteger);
  EXPECT_EQ(columns[1].duckdb_type, "BIGINT");
  EXPECT_FALSE(columns[2].delta_type.has_value());
}

TEST_F(DatabaseTest, TimestampsCastInUtc) {
  const ResultRows result = connection_.query(
      "SELECT TIMESTAMPTZ '2024-07-01 12:00:00+02', "
      "CAST(TIMESTAMPTZ '2024-07-01 12:00:00+02' AS TIMESTAMP) = TIMESTAMP '2024-07-01 10:00:00', "
      "TIMESTAMPTZ '2024-07-01 00:00:00+00'::VARCHAR, "
      "date_trunc('day', TIMESTAMPTZ '2024-07-01 12:00:00+02')::VARCHAR, "
      "current_setting('TimeZone')");
  const auto& row = result.rows.at(0);
  EXPECT_EQ(std::get<delta::Timestamp>(row[0]).micros, 1719828000000000);
  EXPECT_TRUE(std::get<bool>(row[1]));
  EXPECT_EQ(std::get<std::string>(row[2]), "2024-07-01 00:00:00+00");
  EXPECT_EQ(std::get<std::string>(row[3]), "2024-07-01 00:00:00+00");
  EXPECT_EQ(std::get<std::string>(row[4]), "UTC");
}

TEST_F(DatabaseTest, EveryConnectionSeesTheSameZone) {
  Connection other(database_);
  EXPECT_EQ(std::get<std::string>(other.query("SELECT current_setting('TimeZone')").rows[0][0]),
            "UTC");
}

TEST_F(DatabaseTest, ErrorsHaveCodesAndOneLine) {
  EXPECT_EQ(code_of([&] { connection_.execute("SELEC 1"); }), "SQL_INVALID");
  EXPECT_EQ(code_of([&] { connection_.execute("SELECT nothing"); }), "SQL_INVALID");
  EXPECT_EQ(code_of([&] { connection_.execute("SELECT * FROM nowhere"); }), "SQL_INVALID");
  EXPECT_EQ(code_of([&] { connection_.execute("SELECT 1 + DATE '2020-01-01' + 'x'::BLOB"); }),
            "SQL_INVALID");
  EXPECT_EQ(code_of([&] { connection_.execute("SELECT 1; SELECT 2"); }), "SQL_INVALID");
  EXPECT_EQ(code_of([&] { connection_.execute("SELECT a::INTEGER FROM (VALUES ('x')) t(a)"); }),
            "QUERY_FAILED");
  EXPECT_EQ(code_of([&] { connection_.describe("SELECT nothing"); }), "SQL_INVALID");
}

TEST_F(DatabaseTest, AConnectionServesAfterAnError) {
  EXPECT_EQ(code_of([&] { connection_.execute("SELECT a::INTEGER FROM (VALUES ('x')) t(a)"); }),
            "QUERY_FAILED");
  EXPECT_EQ(std::get<std::int64_t>(connection_.query("SELECT 1").rows[0][0]), 1);
}

TEST(Database, AnUnknownSettingIsRefusedByName) {
  DatabaseConfig config;
  config.settings["no_such_setting"] = "1";
  try {
    const Database database(config);
    FAIL() << "the setting was accepted";
  } catch (const base::Error& error) {
    EXPECT_EQ(error.code(), "SETTING_INVALID");
    EXPECT_EQ(error.details().at("setting"), "no_such_setting");
  }
}

TEST(Database, SettingsAreInForce) {
  DatabaseConfig config{.threads = 2, .memory_limit_bytes = 200LL << 20};
  config.settings["preserve_insertion_order"] = "false";
  Database database(config);
  const auto settings = database.settings();
  EXPECT_EQ(settings.at("threads"), "2");
  EXPECT_EQ(settings.at("memory_limit"), "200.0 MiB");
  EXPECT_EQ(settings.at("preserve_insertion_order"), "false");
}

TEST(Database, TheSpillFolderGoesWithTheDatabase) {
  const auto parent = std::filesystem::path(testing::TempDir()) / "duck-spill-parent";
  std::filesystem::remove_all(parent);
  {
    Database database(DatabaseConfig{.temp_directory = parent.string()});
    EXPECT_FALSE(std::filesystem::is_empty(parent));
  }
  EXPECT_FALSE(std::filesystem::exists(parent));
  std::filesystem::remove_all(parent);
}

TEST(Database, TooLittleMemoryIsNamed) {
  Database database(DatabaseConfig{
      .threads = 1, .memory_limit_bytes = 20LL << 20, .max_temp_directory_bytes = 1LL << 20});
  Connection connection(database);
  const std::string code = code_of([&] {
    connection.execute("SELECT count(*) FROM (SELECT DISTINCT hash(i) FROM range(10000000) r(i))");
  });
  EXPECT_TRUE(code == "OUT_OF_MEMORY" || code == "DISK_FULL") << code;
}

TEST(Database, AnInterruptStopsTheStatement) {
  Database database(DatabaseConfig{.threads = 1});
  Connection connection(database);
  std::atomic<bool> done = false;
  std::thread interrupter([&] {
    while (!done) {
      connection.interrupt();
      std::this_thread::yield();
    }
  });
  const std::string code = code_of([&] {
    connection.execute(
        "SELECT count(*) FROM range(100000000) a(i), range(100000) b(j) "
        "WHERE hash(i) = j");
  });
  done = true;
  interrupter.join();
  EXPECT_EQ(code, "INTERRUPTED");
}

}  // namespace
}  // namespace duck
