// Every line of shared/oracles/functions.jsonl: what existing consumers of the format expect.
#include <fstream>
#include <nlohmann/json.hpp>

#include "base/shared_data.h"
#include "duck/functions/function_database.h"

namespace duck {
namespace {

struct OracleLine {
  int number;
  std::string sql;
  nlohmann::json value;
};

// NOLINTNEXTLINE(readability-identifier-naming): GoogleTest calls it so
void PrintTo(const OracleLine& line, std::ostream* out) { *out << line.sql; }

std::vector<OracleLine> oracle_lines() {
  std::vector<OracleLine> lines;
  const auto folder = base::shared_data_dir();
  if (!folder) return lines;
  std::ifstream file(*folder / "oracles" / "functions.jsonl");
  int number = 0;
  for (std::string text; std::getline(file, text);) {
    const auto line = nlohmann::json::parse(text);
    lines.push_back({++number, line.at("sql"), line.at("value")});
  }
  return lines;
}

nlohmann::json to_json(const duckdb::Value& value) {
  if (value.IsNull()) return nullptr;
  switch (value.type().id()) {
    case duckdb::LogicalTypeId::BOOLEAN:
      return value.GetValue<bool>();
    case duckdb::LogicalTypeId::INTEGER:
    case duckdb::LogicalTypeId::BIGINT:
      return value.GetValue<std::int64_t>();
    case duckdb::LogicalTypeId::STRUCT: {
      nlohmann::json object = nlohmann::json::object();
      const auto& children = duckdb::StructValue::GetChildren(value);
      for (std::size_t i = 0; i < children.size(); ++i) {
        object[duckdb::StructType::GetChildName(value.type(), i)] = to_json(children[i]);
      }
      return object;
    }
    default:
      return value.ToString();
  }
}

std::string line_name(const testing::TestParamInfo<OracleLine>& info) {
  const std::string& sql = info.param.sql;
  const std::size_t begin = sql.find(' ') + 1;
  return "Line" + std::to_string(info.param.number) + "_" +
         sql.substr(begin, sql.find('(') - begin);
}

class FunctionOracle : public FunctionDatabase, public testing::WithParamInterface<OracleLine> {};

TEST_P(FunctionOracle, GivesTheExpectedValue) {
  EXPECT_EQ(to_json(value(GetParam().sql)), GetParam().value);
}

INSTANTIATE_TEST_SUITE_P(Functions, FunctionOracle, testing::ValuesIn(oracle_lines()), line_name);
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(FunctionOracle);

TEST(FunctionOracleFile, IsThere) {
  if (!base::shared_data_dir()) GTEST_SKIP() << "no folder `shared` beside the source tree";
  EXPECT_FALSE(oracle_lines().empty());
}

}  // namespace
}  // namespace duck
