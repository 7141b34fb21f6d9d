// Ids and physical names that new columns of mapped tables get.
#include "delta/src/column_assignment.h"

#include <gtest/gtest.h>

#include <set>

#include "base/error.h"
#include "delta/clustering_columns.h"
#include "delta/column_mapping.h"
#include "delta/transaction.h"

namespace delta {
namespace {

constexpr WriterCapabilities kMapped{.row_rules = false, .column_mapping = true};

NewTable table_of(const std::string& mode) {
  const DataType number = DataType::primitive(TypeKind::kLong);
  NewTable table;
  table.schema.fields.push_back({"a", number});
  table.schema.fields.push_back(
      {"s", DataType::struct_of(
                {{"x", number},
                 {"list", DataType::array_of(DataType::struct_of({{"y", number}}), true)}})});
  table.configuration["delta.columnMapping.mode"] = mode;
  return table;
}

class ColumnAssignmentTest : public testing::Test {
 protected:
  void create(const NewTable& table) {
    Transaction::create(store_, "/t", table, kMapped).commit({});
  }
  std::shared_ptr<const Snapshot> load() { return Snapshot::load(store_, nullptr, "/t"); }
  void set_schema(const Schema& schema, const std::map<std::string, std::string>& properties = {}) {
    Transaction transaction = Transaction::start(load(), kMapped);
    Metadata metadata = load()->metadata();
    metadata.schema_string = to_json(schema);
    for (const auto& [key, value] : properties) metadata.configuration[key] = value;
    transaction.update_metadata(metadata);
    transaction.commit({});
  }
  static StructField plain(const std::string& name) {
    return {name, DataType::primitive(TypeKind::kLong)};
  }
  std::string max_id() {
    return load()->metadata().configuration.at("delta.columnMapping.maxColumnId");
  }

  std::shared_ptr<Store> store_ = memory_store();
};

TEST_F(ColumnAssignmentTest, EveryFieldOfANewTableHasItsIdAndName) {
  for (const std::string mode : {"name", "id"}) {
    store_ = memory_store();
    create(table_of(mode));
    const auto table = load();
    EXPECT_EQ(table->protocol().reader_features, std::vector<std::string>{"columnMapping"});
    EXPECT_EQ(max_id(), "5");
    const StructField& s = table->schema().fields[1];
    const StructField& list = s.type.fields()[1];
    const StructField& y = list.type.element().fields()[0];
    std::set<std::int64_t> ids;
    for (const StructField* field :
         {&table->schema().fields[0], &s, &s.type.fields()[0], &list, &y}) {
      EXPECT_TRUE(physical_name(*field, ColumnMapping::kName).starts_with("col-")) << field->name;
      ids.insert(column_id(*field).value_or(0));
    }
    EXPECT_EQ(ids, (std::set<std::int64_t>{1, 2, 3, 4, 5}));
  }
}

TEST_F(ColumnAssignmentTest, AddedColumnsGetTheNextIdsAndOthersKeepTheirs) {
  create(table_of("name"));
  const Schema before = load()->schema();
  Schema after = before;
  after.fields.push_back(plain("b"));
  set_schema(after);
  const Schema found = load()->schema();
  EXPECT_EQ(found.fields[0], before.fields[0]);
  EXPECT_EQ(found.fields[1], before.fields[1]);
  EXPECT_EQ(column_id(found.fields[2]), 6);
  EXPECT_TRUE(physical_name(found.fields[2], ColumnMapping::kName).starts_with("col-"));
  EXPECT_EQ(max_id(), "6");
}

TEST_F(ColumnAssignmentTest, IdsOfDroppedColumnsAreNotGivenAgain) {
  create(table_of("name"));
  set_schema({{load()->schema().fields[0]}});
  set_schema({{load()->schema().fields[0], plain("b")}});
  EXPECT_EQ(column_id(load()->schema().fields[1]), 6);
}

TEST_F(ColumnAssignmentTest, ANewColumnMayHaveTheNameOfADroppedOne) {
  create(table_of("name"));
  Transaction append = Transaction::start(load(), kMapped);
  append.add({.path = "f"});
  append.commit({});
  Schema renamed = load()->schema();
  renamed.fields[0].name = "old";
  renamed.fields[1].name = "a";
  set_schema(renamed);
  EXPECT_EQ(column_id(load()->schema().fields[1]), 2);
  EXPECT_EQ(load()->schema().fields[1].type.kind(), TypeKind::kStruct);
}

TEST_F(ColumnAssignmentTest, ASchemaWithoutMappingMeansTheColumnsThatAreThere) {
  create(table_of("name"));
  const Schema before = load()->schema();
  set_schema(table_of("name").schema);
  EXPECT_EQ(load()->schema(), before);
}

TEST_F(ColumnAssignmentTest, ATableThatBeginsToBeMappedKeepsItsNames) {
  NewTable table = table_of("none");
  create(table);
  Schema schema = load()->schema();
  schema.fields.push_back(plain("b"));
  set_schema(schema, {{"delta.columnMapping.mode", "name"}});
  const Schema found = load()->schema();
  EXPECT_EQ(physical_name(found.fields[0], ColumnMapping::kName), "a");
  EXPECT_EQ(physical_name(found.fields[1].type.fields()[0], ColumnMapping::kName), "x");
  EXPECT_TRUE(physical_name(found.fields[2], ColumnMapping::kName).starts_with("col-"));
}

TEST_F(ColumnAssignmentTest, OtherChangesOfTheModeAreRefused) {
  for (const auto& [from, to] :
       {std::pair("none", "id"), std::pair("name", "id"), std::pair("name", "none"),
        std::pair("id", "name"), std::pair("name", "else")}) {
    store_ = memory_store();
    create(table_of(from));
    try {
      set_schema(load()->schema(), {{"delta.columnMapping.mode", to}});
      ADD_FAILURE() << from << " to " << to;
    } catch (const base::Error& error) {
      EXPECT_EQ(error.code(), "DELTA_PROPERTY_INVALID") << from << " to " << to;
    }
  }
}

TEST_F(ColumnAssignmentTest, AClusteredTableNamesItsColumnsPhysically) {
  NewTable table = table_of("name");
  table.clustering_columns = {{"s", "x"}, {"a"}};
  create(table);
  const auto snapshot = load();
  EXPECT_EQ(clustering_columns(*snapshot), table.clustering_columns);
  const std::string& domain = snapshot->domain_metadata().at("delta.clustering").configuration;
  EXPECT_NE(domain.find(physical_name(snapshot->schema().fields[0], ColumnMapping::kName)),
            std::string::npos);
}

}  // namespace
}  // namespace delta
