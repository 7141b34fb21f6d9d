#include <utility>

#include "engine/compiler/compiler_test_support.h"
#include "engine/compiler/plan_text.h"

namespace engine {
namespace {

using nlohmann::json;
using Rows = std::vector<std::string>;

class LowerCpgEmit : public CompilerTest {
 protected:
  LowerCpgEmit() {
    input("edges",
          "SELECT * FROM (VALUES ('e2', 'calls', 'n2', 'n1', 'f', 1, 2, 0.5), "
          "('e1', 'calls', 'n2', 'n3', 'f', 3, 4, 1.0), "
          "('e3', 'defines', 'n1', 'n3', 'f', 5, 6, NULL)) "
          "t(edge_id, edge_kind, src_node_id, dst_node_id, path, bstart, bend, "
          "confidence)");
    input("props",
          "SELECT * FROM (VALUES ('node', 'n2', 'file', 'b', 'int', 7), "
          "('node', 'n2', 'file', 'a', 'int', 8), ('node', 'n1', 'call', 'a', 'int', 9)) "
          "t(entity_kind, entity_id, node_kind, prop_key, value_type, value_int)");
  }

  void emit(const std::string& kind, const json& sources) {
    view("v", {{"kind", "CpgEmit"}, {"output_kind", kind}, {"sources", sources}});
  }
};

TEST_F(LowerCpgEmit, GroupsEdgesBySourceSortedByNodeAndEdge) {
  emit("EdgesBySrc", {"edges"});
  EXPECT_EQ(column_names(), (Rows{"src_node_id", "edges"}));
  EXPECT_EQ(column_types()[1],
            "STRUCT(edge_id VARCHAR, edge_kind VARCHAR, dst_node_id VARCHAR, path VARCHAR, "
            "bstart BIGINT, bend BIGINT, origin VARCHAR, resolution_method VARCHAR, "
            "confidence DOUBLE, score DOUBLE, symbol_roles INTEGER, qname_source VARCHAR, "
            "ambiguity_group_id VARCHAR)[]");
  const auto spec = compiled();
  EXPECT_EQ(spec.outputs[0].sorted_by, (Rows{"src_node_id"}));
  const auto found = rows();
  ASSERT_EQ(found.size(), 2U);
  EXPECT_TRUE(found[0].starts_with("n1|[{'edge_id': e3, ")) << found[0];
  EXPECT_TRUE(found[1].starts_with("n2|[{'edge_id': e1, ")) << found[1];
  EXPECT_NE(found[1].find("'dst_node_id': n1, 'path': f, 'bstart': 1, 'bend': 2, 'origin': NULL, "
                          "'resolution_method': NULL, 'confidence': 0.5"),
            std::string::npos)
      << found[1];
}

TEST_F(LowerCpgEmit, GroupsEdgesByDestination) {
  emit("EdgesByDst", {"edges"});
  EXPECT_EQ(column_names(), (Rows{"dst_node_id", "edges"}));
  EXPECT_TRUE(column_types()[1].starts_with(
      "STRUCT(edge_id VARCHAR, edge_kind VARCHAR, src_node_id VARCHAR, "));
  EXPECT_EQ(rows().size(), 2U);
}

TEST_F(LowerCpgEmit, GathersThePropertiesOfAnEntitySortedByKey) {
  emit("PropsMap", {"props"});
  EXPECT_EQ(column_names(), (Rows{"entity_kind", "entity_id", "node_kind", "props"}));
  EXPECT_EQ(column_types()[3],
            "STRUCT(prop_key VARCHAR, \"value\" STRUCT(value_type VARCHAR, value_string VARCHAR, "
            "value_int BIGINT, value_float DOUBLE, value_bool BOOLEAN, value_json VARCHAR))[]");
  const auto found = rows();
  ASSERT_EQ(found.size(), 2U);
  EXPECT_TRUE(found[0].starts_with("node|n1|call|[{'prop_key': a, ")) << found[0];
  EXPECT_TRUE(found[1].starts_with("node|n2|file|[{'prop_key': a, ")) << found[1];
}

TEST_F(LowerCpgEmit, GivesOneRowAnEntityWhateverItsOtherColumnsSay) {
  input("more",
        "SELECT 'node' AS entity_kind, 'n2' AS entity_id, CAST(NULL AS VARCHAR) AS node_kind, "
        "'c' AS prop_key, 'x' AS value_string");
  emit("PropsMap", {"props", "more"});
  const auto found = rows();
  ASSERT_EQ(found.size(), 2U);
  EXPECT_NE(found[1].find("'prop_key': c"), std::string::npos);
}

TEST_F(LowerCpgEmit, LeavesWhatNoSourceHasNull) {
  input("few", "SELECT 'n' AS entity_id, 'k' AS prop_key");
  emit("PropsMap", {"few"});
  EXPECT_TRUE(rows().front().starts_with("NULL|n|NULL|[{'prop_key': k, 'value': {")) << rows()[0];
}

// An output that alone reads a grouped view sorts the flat rows; for others the view is aggregated.
// Both ways give the same rows, in the same order.
TEST_F(LowerCpgEmit, TheFlatRowsAreSortedForAnOutputOfItsOwn) {
  input("uneven",
        "SELECT CASE WHEN i % 50 < 3 THEN 'n' || i % 50 WHEN i % 50 = 3 THEN NULL "
        "ELSE 'n' || i // 3 END AS src_node_id, 'n' || hash(i) % 40 AS dst_node_id, "
        "CASE WHEN i % 9 = 0 THEN NULL ELSE 'e' || hash(i) % 3000 END AS edge_id, "
        "CASE WHEN i % 7 = 0 THEN NULL ELSE 'k' || hash(i * 3) % 3 END AS edge_kind, "
        "(i % 4)::INTEGER AS bstart FROM range(20000) t(i)");
  input(
      "facts",
      "SELECT CASE WHEN i % 5 = 0 THEN NULL ELSE 'kind' || i % 3 END AS entity_kind, "
      "CASE WHEN i % 11 = 0 THEN NULL ELSE 'n' || i // 4 END AS entity_id, "
      "CASE WHEN i % 2 = 0 THEN NULL ELSE 'node' || hash(i) % 3 END AS node_kind, "
      "'p' || hash(i) % 4 AS prop_key, (hash(i) % 3)::INTEGER AS value_int FROM range(9000) t(i)");
  using Names = std::pair<const char*, const char*>;
  for (const auto& [kind, source] :
       {Names("EdgesBySrc", "uneven"), Names("EdgesByDst", "uneven"), Names("PropsMap", "facts")}) {
    spec()["view_definitions"].clear();
    spec()["output_targets"].clear();
    emit(kind, {source});
    output("alone", "v");
    const auto alone = compiled().outputs[0];
    EXPECT_NE(alone.query.sql.find("collect_sorted"), std::string::npos) << alone.query.sql;
    EXPECT_NE(plan_text(*alone.plan).find(", in order\n"), std::string::npos);
    const auto sorted = rows("alone");
    EXPECT_GE(sorted.size(), 40U);

    output("one_more", "v");
    const auto shared = compiled();
    EXPECT_EQ(shared.shared_views.size(), 1U);
    EXPECT_EQ(shared.shared_views[0].query.sql.find("collect_sorted"), std::string::npos);
    EXPECT_EQ(shared.outputs[0].query.sql.find("collect_sorted"), std::string::npos);
    EXPECT_EQ(plan_text(*shared.outputs[0].plan).find(", in order\n"), std::string::npos);
    EXPECT_EQ(shared.outputs[0].sorted_by, alone.sorted_by);
    EXPECT_TRUE(rows("alone") == sorted) << kind;
  }
}

TEST_F(LowerCpgEmit, AViewOverAGroupedOneReadsItAggregated) {
  emit("EdgesBySrc", {"edges"});
  view("few", {{"kind", "Filter"}, {"source", "v"}, {"predicate", "len(edges) > 1"}});
  const auto spec = compiled();
  EXPECT_EQ(spec.outputs[0].query.sql.find("collect_sorted"), std::string::npos);
  EXPECT_EQ(rows().size(), 1U);
}

TEST_F(LowerCpgEmit, AnOutputWithoutTheKeysHasNoOrder) {
  emit("EdgesBySrc", {"edges"});
  output("lists", "v", {{"columns", {"edges"}}});
  const auto spec = compiled();
  EXPECT_TRUE(spec.outputs[0].sorted_by.empty());
  EXPECT_EQ(spec.outputs[0].query.sql.find("collect_sorted"), std::string::npos);
  EXPECT_EQ(rows().size(), 2U);
}

TEST_F(LowerCpgEmit, ParametersFilterTheFlatRows) {
  emit("EdgesBySrc", {"edges"});
  spec()["typed_parameters"] = {
      {{"target", {{"kind", "FilterEq"}, {"base_table", "edges"}, {"filter_column", "edge_kind"}}},
       {"value", {{"type", "Utf8"}, {"value", "defines"}}}}};
  const auto found = rows();
  ASSERT_EQ(found.size(), 1U);
  EXPECT_TRUE(found[0].starts_with("n1|[{'edge_id': e3, ")) << found[0];
}

TEST_F(LowerCpgEmit, NoRowsGiveNoGroups) {
  input("none", "FROM edges LIMIT 0");
  emit("EdgesByDst", {"none"});
  EXPECT_TRUE(rows().empty());
}

TEST_F(LowerCpgEmit, PassesOnWhatIsGroupedAlready) {
  emit("EdgesBySrc", {"edges"});
  view("again", {{"kind", "CpgEmit"}, {"output_kind", "EdgesBySrc"}, {"sources", {"v"}}});
  output("once", "v");
  output("twice", "again");
  EXPECT_EQ(rows("twice"), rows("once"));
  EXPECT_TRUE(compiled().warnings.empty());
}

TEST_F(LowerCpgEmit, PassesOnWhatCannotBeGroupedWithAWarning) {
  input("thin", "SELECT 'n1' AS src_node_id, 'e' AS edge_id");
  emit("EdgesBySrc", {"thin"});
  EXPECT_EQ(column_names(), (Rows{"src_node_id", "edge_id"}));
  const auto spec = compiled();
  ASSERT_EQ(spec.warnings.size(), 1U);
  EXPECT_EQ(spec.warnings[0].code, WarningCode::kSemanticValidationWarning);
  EXPECT_EQ(spec.warnings[0].context.at("missing_columns"), "dst_node_id, edge_kind");
}

TEST_F(LowerCpgEmit, PassesNodesEdgesAndPropsThrough) {
  emit("Edges", {"edges"});
  EXPECT_EQ(column_names().size(), 8U);
  EXPECT_EQ(rows().size(), 3U);
}

TEST_F(LowerCpgEmit, NodesNameTheColumnsThatAreMissing) {
  input("nodes", "SELECT 'n' AS entity_id, 1 AS bstart");
  emit("Nodes", {"nodes"});
  expect_error("$.view_definitions[0].transform.sources", "missing: path, bend");
}

TEST_F(LowerCpgEmit, RefusesNoSource) {
  emit("Edges", json::array());
  expect_error("$.view_definitions[0].transform.sources", "no source");
}

}  // namespace
}  // namespace engine
