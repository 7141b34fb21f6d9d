// A small database and a spec that tests of the compiler fill.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "base/error.h"
#include "duck/database.h"
#include "engine/compiler/compile.h"
#include "engine/spec/spec.h"

namespace engine {

class CompilerTest : public testing::Test {
 protected:
  CompilerTest();

  // Forgets inputs, views and outputs.
  void reset();
  // A table of these rows as an input.
  void input(const std::string& name, const std::string& query,
             std::shared_ptr<const delta::Snapshot> snapshot = nullptr);
  void view(const std::string& name, const nlohmann::json& transform,
            const nlohmann::json& output_schema = nlohmann::json::object());
  void output(const std::string& name, const std::string& view,
              const nlohmann::json& more = nlohmann::json::object());

  // With an output of the last view where none was asked for.
  CompiledSpec compiled();

  // The rows that an output's query gives, as "a|b|NULL", sorted unless the query sorts them;
  // shared views are computed first.
  std::vector<std::string> rows();
  std::vector<std::string> rows(const std::string& output);
  std::vector<std::string> column_names();
  std::vector<std::string> column_types();

  // The error that compiling gives.
  base::Error error();
  void expect_error(const std::string& path, const std::string& words);

  std::vector<std::string> query(const std::string& sql);

  nlohmann::json& spec() { return spec_; }
  duck::Database& database() { return database_; }
  duck::Connection& connection() { return connection_; }

 private:
  Spec parsed();

  duck::Database database_;
  duck::Connection connection_;
  nlohmann::json spec_;
  std::vector<InputTable> inputs_;
};

}  // namespace engine
