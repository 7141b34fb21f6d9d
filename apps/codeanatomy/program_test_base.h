// What the tests of the program share: a folder with a small Python package and the tables that
// were extracted from it.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "apps/codeanatomy/program_run.h"

namespace apps {

class ProgramTest : public testing::Test {
 protected:
  using Json = nlohmann::json;

  void SetUp() override {
    std::string name =
        (std::filesystem::temp_directory_path() / "codeanatomy-test-XXXXXX").string();
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    folder_ = name;
    write("src/shapes/__init__.py", "from .area import area\n");
    write("src/shapes/area.py",
          "import math\n\n\ndef area(radius):\n    return math.pi * square(radius)\n\n\n"
          "def square(x):\n    return x * x\n");
    write("src/main.py", "from shapes.area import area\n\nprint(area(2))\n");
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  ProgramResult run(std::vector<std::string> arguments) const {
    return run_program(std::move(arguments), folder_);
  }

  void extract() const {
    const ProgramResult result = run({"extract", "src", "--out", "in"});
    ASSERT_EQ(result.status, 0) << result.err;
  }

  void write(const std::string& path, const std::string& text) const {
    std::filesystem::create_directories((folder_ / path).parent_path());
    std::ofstream(folder_ / path, std::ios::binary) << text;
  }

  std::string read(const std::string& path) const {
    std::ifstream file(folder_ / path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  }

  // Rows of a query as JSON objects.
  std::vector<Json> rows(const std::string& query) const {
    const ProgramResult result = run({"sql", query, "--format", "jsonl"});
    EXPECT_EQ(result.status, 0) << result.err;
    std::vector<Json> rows;
    std::istringstream lines(result.out);
    for (std::string line; std::getline(lines, line);) rows.push_back(Json::parse(line));
    return rows;
  }

  // A spec over the extracted definitions and calls, with one view and one output to begin with:
  // the functions, in out/functions.
  static Json spec() {
    return {{"version", 4},
            {"input_relations",
             {{{"logical_name", "defs"}, {"delta_location", "in/ts_defs_v1"}},
              {{"logical_name", "calls"}, {"delta_location", "in/ts_calls_v1"}}}},
            {"view_definitions",
             Json::array({view("functions", {{"kind", "Filter"},
                                             {"source", "defs"},
                                             {"predicate", "def_kind = 'function'"}})})},
            {"join_graph", {{"edges", Json::array()}, {"constraints", Json::array()}}},
            {"output_targets", Json::array({output("functions")})},
            {"rule_intents", Json::array()},
            {"rulepack_profile", "Default"}};
  }

  static Json view(const std::string& name, Json transform,
                   std::vector<std::string> dependencies = {}) {
    return {{"name", name},
            {"view_kind", "test"},
            {"view_dependencies", std::move(dependencies)},
            {"transform", std::move(transform)},
            {"output_schema", {{"columns", Json::object()}}}};
  }

  static Json output(const std::string& view) {
    return {{"table_name", view},
            {"delta_location", "out/" + view},
            {"source_view", view},
            {"columns", Json::array()}};
  }

  ProgramResult run_spec(const Json& spec, std::vector<std::string> more = {}) const {
    write("spec.json", spec.dump());
    std::vector<std::string> arguments = {"run", "spec.json", "--threads", "2"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run(std::move(arguments));
  }

  // The paths of all files below a folder, from there.
  std::vector<std::string> files_in(const std::string& path) const {
    std::vector<std::string> paths;
    if (!std::filesystem::exists(folder_ / path)) return paths;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder_ / path)) {
      if (entry.is_regular_file()) paths.push_back(entry.path().lexically_relative(folder_));
    }
    std::ranges::sort(paths);
    return paths;
  }

  std::filesystem::path folder_;
};

}  // namespace apps
