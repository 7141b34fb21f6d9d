#include "engine/compiler/compiler_test_support.h"

#include <algorithm>

#include "duck/sql_text.h"

namespace engine {
namespace {

using nlohmann::json;

std::vector<std::string> text_rows(duck::Connection& connection, const BoundQuery& query) {
  std::vector<std::string> rows;
  std::string cells;
  for (const auto& column : connection.describe(query.sql, query.parameters)) {
    cells += (cells.empty() ? "" : ", ") + std::string("coalesce(CAST(") +
             duck::quote_identifier(column.name) + " AS VARCHAR), 'NULL')";
  }
  const auto result = connection.query(
      "SELECT concat_ws('|', " + cells + ") FROM (" + query.sql + ")", query.parameters);
  for (const auto& row : result.rows) rows.push_back(std::get<std::string>(row.front()));
  return rows;
}

}  // namespace

CompilerTest::CompilerTest() : database_({.threads = 2}), connection_(database_) { reset(); }

void CompilerTest::reset() {
  inputs_.clear();
  spec_ = {{"version", 4},
           {"input_relations", json::array()},
           {"view_definitions", json::array()},
           {"join_graph", {{"edges", json::array()}, {"constraints", json::array()}}},
           {"output_targets", json::array()},
           {"rule_intents", json::array()},
           {"rulepack_profile", "Default"}};
}

void CompilerTest::input(const std::string& name, const std::string& query,
                         std::shared_ptr<const delta::Snapshot> snapshot) {
  const auto table = duck::quote_identifier(name);
  connection_.execute("CREATE TABLE " + table + " AS " + query);
  inputs_.push_back({.name = name,
                     .snapshot = std::move(snapshot),
                     .columns = connection_.describe("FROM " + table),
                     .rows = std::nullopt});
  spec_["input_relations"].push_back({{"logical_name", name}, {"delta_location", "/" + name}});
}

void CompilerTest::view(const std::string& name, const json& transform, const json& output_schema) {
  spec_["view_definitions"].push_back({{"name", name},
                                       {"view_kind", "test"},
                                       {"view_dependencies", json::array()},
                                       {"transform", transform},
                                       {"output_schema", {{"columns", output_schema}}}});
}

void CompilerTest::output(const std::string& name, const std::string& view, const json& more) {
  json target = {{"table_name", name}, {"source_view", view}, {"columns", json::array()}};
  target.update(more);
  spec_["output_targets"].push_back(std::move(target));
}

Spec CompilerTest::parsed() {
  auto json = spec_;
  if (json["output_targets"].empty()) {
    json["output_targets"].push_back({{"table_name", "out"},
                                      {"source_view", json["view_definitions"].back()["name"]},
                                      {"columns", json::array()}});
  }
  auto spec = parse_spec(json.dump());
  validate_spec(spec);
  return spec;
}

CompiledSpec CompilerTest::compiled() { return compile(parsed(), inputs_, connection_); }

std::vector<std::string> CompilerTest::rows() { return rows(""); }

std::vector<std::string> CompilerTest::rows(const std::string& output) {
  const auto spec = compiled();
  for (const auto& shared : spec.shared_views) {
    connection_.execute("CREATE OR REPLACE TEMPORARY TABLE " +
                            duck::quote_identifier(shared.table) + " AS " + shared.query.sql,
                        shared.query.parameters);
  }
  auto found = std::ranges::find_if(spec.outputs, [&](const CompiledOutput& candidate) {
    return output.empty() || candidate.target.table_name == output;
  });
  auto rows = text_rows(connection_, found->query);
  if (found->sorted_by.empty()) std::ranges::sort(rows);
  for (const auto& shared : spec.shared_views) {
    connection_.execute("DROP TABLE " + duck::quote_identifier(shared.table));
  }
  return rows;
}

std::vector<std::string> CompilerTest::column_names() {
  std::vector<std::string> names;
  const auto spec = compiled();
  for (const auto& column : spec.views.back().columns) names.push_back(column.name);
  return names;
}

std::vector<std::string> CompilerTest::column_types() {
  std::vector<std::string> types;
  const auto spec = compiled();
  for (const auto& column : spec.views.back().columns) types.push_back(column.duckdb_type);
  return types;
}

base::Error CompilerTest::error() {
  try {
    compiled();
  } catch (const base::Error& error) {
    return error;
  }
  return {base::Stage::kRuntime, "NO_ERROR", "the spec was compiled"};
}

void CompilerTest::expect_error(const std::string& path, const std::string& words) {
  const auto fault = error();
  const auto& details = fault.details();
  EXPECT_EQ(details.contains("path") ? details.at("path") : "", path) << fault.message();
  EXPECT_NE(fault.message().find(words), std::string::npos) << fault.message();
}

std::vector<std::string> CompilerTest::query(const std::string& sql) {
  auto rows = text_rows(connection_, {.sql = sql, .parameters = {}});
  std::ranges::sort(rows);
  return rows;
}

}  // namespace engine
