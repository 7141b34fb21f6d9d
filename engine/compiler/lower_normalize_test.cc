#include "engine/compiler/compiler_test_support.h"

namespace engine {
namespace {

using nlohmann::json;
using Rows = std::vector<std::string>;

class LowerNormalize : public CompilerTest {
 protected:
  LowerNormalize() {
    input("defs",
          "SELECT 'a.py' AS path, 7 AS node_id, 3 AS bstart, 9 AS bend, "
          "'  Ünder  Score ' AS name");
  }

  void normalize(const json& id_columns, const json& span_columns, const json& text_columns) {
    view("def", {{"kind", "Normalize"},
                 {"source", "defs"},
                 {"id_columns", id_columns},
                 {"span_columns", span_columns},
                 {"text_columns", text_columns}});
  }
  std::string first_id() {
    const auto row = rows().front();
    return row.substr(row.rfind("def:"));
  }
};

TEST_F(LowerNormalize, AddsIdSpanAndTextAfterTheSourcesColumns) {
  normalize({"path"}, {"bstart", "bend"}, {"name"});
  EXPECT_EQ(column_names(), (Rows{"path", "node_id", "bstart", "bend", "name", "entity_id", "span",
                                  "name_normalized"}));
  const auto spec = compiled();
  EXPECT_EQ(spec.views[0].columns[6].duckdb_type,
            "STRUCT(bstart BIGINT, bend BIGINT, line_base INTEGER, col_unit VARCHAR, "
            "end_exclusive BOOLEAN)");
  EXPECT_NE(rows().front().find("|ünder score"), std::string::npos) << rows().front();
}

TEST_F(LowerNormalize, MakesTheIdOfOneColumnFromItsText) {
  normalize({"node_id"}, nullptr, json::array());
  EXPECT_EQ(first_id(), query("SELECT stable_id('def', '7')").front());
}

TEST_F(LowerNormalize, MakesTheIdOfSeveralColumnsFromAllOfThem) {
  normalize({"path", "node_id"}, nullptr, json::array());
  EXPECT_EQ(first_id(), query("SELECT stable_id_parts('def', 'a.py', '7')").front());
}

TEST_F(LowerNormalize, MakesIdsOfValuesThatAreNoTextAsTheFunctionsDo) {
  input("events",
        "SELECT TIMESTAMP '2024-01-02 03:04:05.5' AS at, 1e16::DOUBLE AS weight, "
        "'\\xC3\\xA4'::BLOB AS key");
  const std::vector<std::pair<std::string, std::string>> texts = {
      {"at", "2024-01-02T03:04:05.500"}, {"weight", "1e16"}, {"key", "ä"}};
  for (const auto& [column, text] : texts) {
    for (const auto& id_columns : {json{column}, json{column, "key"}}) {
      spec()["view_definitions"] = json::array();
      normalize(id_columns, nullptr, json::array());
      spec()["view_definitions"][0]["transform"]["source"] = "events";
      const std::string parts = "'" + text + (id_columns.size() > 1 ? "', 'ä'" : "'");
      EXPECT_EQ(first_id(), query("SELECT stable_id_parts('def', " + parts + ")").front());
    }
  }
}

TEST_F(LowerNormalize, MakesTheIdWithoutColumnsFromTheSourcesName) {
  normalize(json::array(), nullptr, json::array());
  EXPECT_EQ(first_id(), query("SELECT stable_id('def', 'defs')").front());
}

TEST_F(LowerNormalize, NamesUnknownColumnsByTheirPlace) {
  normalize({"path", "nope"}, nullptr, json::array());
  expect_error("$.view_definitions[0].transform.id_columns[1]", R"("nope")");
  spec()["view_definitions"] = json::array();
  normalize({"path"}, {"bstart", "nope"}, json::array());
  expect_error("$.view_definitions[0].transform.span_columns[1]", R"("nope")");
  spec()["view_definitions"] = json::array();
  normalize({"path"}, nullptr, {"nope"});
  expect_error("$.view_definitions[0].transform.text_columns[0]", R"("nope")");
}

TEST_F(LowerNormalize, RefusesTextColumnsThatAreNoText) {
  normalize({"path"}, nullptr, {"bstart"});
  expect_error("$.view_definitions[0].transform.text_columns[0]", "INTEGER, not text");
}

TEST_F(LowerNormalize, TakesSpansOfAnyIntegerAndOfNothingElse) {
  input("spans", "SELECT 1::UTINYINT AS a, 2::UBIGINT AS b, 1.5 AS c, NULL AS d");
  const auto of = [&](const json& span_columns) {
    spec()["view_definitions"] = json::array();
    normalize(json::array(), span_columns, json::array());
    spec()["view_definitions"][0]["transform"]["source"] = "spans";
  };
  of({"a", "b"});
  EXPECT_NE(rows().front().find("'bend': 2,"), std::string::npos) << rows().front();
  of({"a", "d"});
  EXPECT_TRUE(rows().front().ends_with("|NULL")) << rows().front();
  of({"a", "c"});
  expect_error("$.view_definitions[0].transform.span_columns[1]", "DECIMAL(2,1), not an integer");
}

TEST_F(LowerNormalize, NamesAColumnThatIsThereAlready) {
  normalize({"path"}, nullptr, {"name", "name"});
  expect_error("$.view_definitions[0].transform.text_columns[1]", R"("name_normalized")");
  input("again", "SELECT 1 AS Entity_ID");
  spec()["view_definitions"] = json::array();
  normalize(json::array(), nullptr, json::array());
  spec()["view_definitions"][0]["transform"]["source"] = "again";
  expect_error("$.view_definitions[0].transform.id_columns", R"(as "Entity_ID")");
}

}  // namespace
}  // namespace engine
