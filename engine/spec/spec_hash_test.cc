// The contract's oracle: what an existing producer of the format hashes, and what it refuses.
#include <gtest/gtest.h>

#include <fstream>

#include "base/error.h"
#include "base/hash.h"
#include "base/shared_data.h"
#include "engine/spec/spec.h"

namespace engine {
namespace {

std::vector<nlohmann::json> oracle_lines() {
  std::vector<nlohmann::json> lines;
  if (const auto shared = base::shared_data_dir()) {
    std::ifstream file(*shared / "oracles" / "spec-hash.jsonl");
    std::string line;
    while (std::getline(file, line)) lines.push_back(nlohmann::json::parse(line));
  }
  return lines;
}

class SpecHashOracle : public testing::TestWithParam<nlohmann::json> {};

TEST_P(SpecHashOracle, IsMatched) {
  const auto text = GetParam().at("spec").get<std::string>();
  if (GetParam().contains("error")) {
    EXPECT_THROW(parse_spec(text), base::Error) << text;
  } else {
    EXPECT_EQ(base::to_hex(parse_spec(text).spec_hash),
              GetParam().at("spec_hash").get<std::string>())
        << text;
  }
}

INSTANTIATE_TEST_SUITE_P(Lines, SpecHashOracle, testing::ValuesIn(oracle_lines()),
                         [](const auto& line) { return std::to_string(line.index + 1); });
// Without the folder that holds the oracles there are no lines.
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(SpecHashOracle);

}  // namespace
}  // namespace engine
