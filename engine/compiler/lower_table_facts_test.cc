
#include "delta/snapshot.h"
#include "delta/transaction.h"
#include "engine/compiler/compiler_test_support.h"

namespace engine {
namespace {

using nlohmann::json;
using Rows = std::vector<std::string>;

// An input whose log lies in memory; what it says of data files is never opened.
class LowerTableFacts : public CompilerTest {
 protected:
  LowerTableFacts() {
    const auto store = delta::memory_store();
    const auto long_type = delta::DataType::primitive(delta::TypeKind::kLong);
    const auto text_type = delta::DataType::primitive(delta::TypeKind::kString);
    const delta::NewTable table{
        .schema = {{{.name = "x", .type = long_type}, {.name = "p's", .type = text_type}}},
        .partition_columns = {"p's"},
        .configuration = {{"delta.appendOnly", "false"}},
        .name = "the table"};
    auto transaction = delta::Transaction::create(store, "/table", table);
    transaction.add({.path = "a.parquet",
                     .partition_values = {{"p's", "va'l"}},
                     .size = 11,
                     .modification_time = 1500,
                     .stats = R"({"numRecords":3})"});
    transaction.add({.path = "b.parquet",
                     .partition_values = {{"p's", std::nullopt}},
                     .size = 22,
                     .modification_time = 0});
    transaction.commit({});
    input("t", "SELECT CAST(1 AS BIGINT) AS x, 'a' AS \"p's\"",
          delta::Snapshot::load(store, database().parquet_engine(), "/table"));
  }

  void facts(const std::string& kind, const std::string& source = "t") {
    view("v", {{"kind", kind}, {"source", source}});
  }
  Rows columns_of_facts(const std::vector<std::string>& columns) {
    view("w", {{"kind", "Project"}, {"source", "v"}, {"columns", columns}});
    return rows();
  }
};

TEST_F(LowerTableFacts, MetadataIsOneRow) {
  facts("Metadata");
  EXPECT_EQ(columns_of_facts({"name", "version", "partition_columns", "configuration",
                              "min_reader_version", "reader_features"}),
            (Rows{"the table|0|['p\\'s']|{delta.appendOnly=false}|1|NULL"}));
}

TEST_F(LowerTableFacts, FileManifestIsARowALiveFile) {
  facts("FileManifest");
  EXPECT_EQ(column_names(), (Rows{"path", "size", "partition_values", "modification_time",
                                  "num_records", "stats", "deletion_vector", "deleted_records"}));
  EXPECT_EQ(columns_of_facts({"path", "size", "modification_time", "num_records"}),
            (Rows{"a.parquet|11|1970-01-01 00:00:01.5+00|3",
                  "b.parquet|22|1970-01-01 00:00:00+00|NULL"}));
}

TEST_F(LowerTableFacts, ReadPartitionValuesThroughAPredicate) {
  facts("FileManifest");
  view("w",
       {{"kind", "Filter"}, {"source", "v"}, {"predicate", "partition_values['p''s'] = 'va''l'"}});
  EXPECT_EQ(rows().size(), 1U);
}

TEST_F(LowerTableFacts, AreNotFilteredByParameters) {
  facts("FileManifest");
  spec()["typed_parameters"] = json::parse(
      R"([{"target": {"kind": "FilterEq", "base_table": "t", "filter_column": "x"},
           "value": {"type": "Int64", "value": 7}}])");
  EXPECT_EQ(rows().size(), 2U);
  const auto warnings = compiled().warnings;
  ASSERT_EQ(warnings.size(), 1U);
  EXPECT_EQ(warnings[0].context.at("path"), "$.typed_parameters[0]");
}

TEST_F(LowerTableFacts, AreOfInputsOnly) {
  view("other", {{"kind", "Project"}, {"source", "t"}, {"columns", {"x"}}});
  facts("FileManifest", "other");
  expect_error("$.view_definitions[1].transform.source", R"("other" is a view)");
}

}  // namespace
}  // namespace engine
