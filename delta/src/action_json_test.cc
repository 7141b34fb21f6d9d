#include <gtest/gtest.h>

#include <limits>

#include "base/error.h"
#include "delta/actions.h"
#include "delta/src/commit_reader.h"

namespace delta {
namespace {

// Everything that a reader finds.
struct Everything final : ActionSink {
  void on_protocol(Protocol&& action) override { actions.emplace_back(std::move(action)); }
  void on_metadata(Metadata&& action) override { actions.emplace_back(std::move(action)); }
  void on_add(AddFile&& action) override { actions.emplace_back(std::move(action)); }
  void on_remove(RemoveFile&& action) override { actions.emplace_back(std::move(action)); }
  void on_cdc(AddCdcFile&& action) override { actions.emplace_back(std::move(action)); }
  void on_transaction(SetTransaction&& action) override { actions.emplace_back(std::move(action)); }
  void on_domain_metadata(DomainMetadata&& action) override {
    actions.emplace_back(std::move(action));
  }
  void on_commit_info(CommitInfo&& action) override { actions.emplace_back(std::move(action)); }

  std::vector<Action> actions;
};

std::vector<Action> read(const std::string& text, ActionSelection selection = kEveryAction) {
  Everything found;
  CommitReader().read(text, "f.json", selection, found);
  return found.actions;
}

DeletionVectorDescriptor inline_vector() { return {"i", "^Bg9^0rr", std::nullopt, 40, 4}; }

AddFile full_add() {
  AddFile add;
  add.path = "p=%20x/\"f\".parquet";
  add.partition_values = {{"p", " x"}, {"q", std::nullopt}};
  add.size = 1;
  add.modification_time = std::numeric_limits<std::int64_t>::max();
  add.data_change = false;
  add.stats = R"({"numRecords":1,"minValues":{"s":"é\n\u0000"}})";
  add.tags = {{"t", "u"}};
  add.deletion_vector = inline_vector();
  add.base_row_id = std::numeric_limits<std::int64_t>::min();
  add.default_row_commit_version = 5;
  add.clustering_provider = "liquid";
  return add;
}

TEST(ActionJsonTest, SpellsActionsAsTheProtocolDoes) {
  EXPECT_EQ(to_json_line(Protocol{3, 7, {{"a"}}, {{"a", "b"}}}),
            R"({"protocol":{"minReaderVersion":3,"minWriterVersion":7,"readerFeatures":["a"],)"
            R"("writerFeatures":["a","b"]}})");
  EXPECT_EQ(to_json_line(Protocol{}),
            R"({"protocol":{"minReaderVersion":1,"minWriterVersion":2}})");
  Metadata metadata;
  metadata.id = "i";
  metadata.schema_string = "{\"a\":1}";
  metadata.partition_columns = {"p"};
  metadata.configuration = {{"k", "v"}};
  metadata.created_time = 3;
  EXPECT_EQ(to_json_line(metadata),
            R"({"metaData":{"id":"i","format":{"provider":"parquet","options":{}},)"
            R"("schemaString":"{\"a\":1}","partitionColumns":["p"],"configuration":{"k":"v"},)"
            R"("createdTime":3}})");
  AddFile add;
  add.path = "f";
  add.partition_values = {{"p", std::nullopt}};
  EXPECT_EQ(to_json_line(add), R"({"add":{"path":"f","partitionValues":{"p":null},"size":0,)"
                               R"("modificationTime":0,"dataChange":true}})");
  EXPECT_EQ(to_json_line(SetTransaction{"a", 7, 8}),
            R"({"txn":{"appId":"a","version":7,"lastUpdated":8}})");
  EXPECT_EQ(to_json_line(DomainMetadata{"d", "{}", true}),
            R"({"domainMetadata":{"domain":"d","configuration":"{}","removed":true}})");
  EXPECT_EQ(to_json_line(AddCdcFile{"c", {}, 2}),
            R"({"cdc":{"path":"c","partitionValues":{},"size":2,"dataChange":false}})");
  CommitInfo info;
  info.fields["operation"] = "WRITE";
  EXPECT_EQ(to_json_line(info), R"({"commitInfo":{"operation":"WRITE"}})");
}

TEST(ActionJsonTest, ReadsWhatItWrites) {
  RemoveFile remove;
  remove.path = "f";
  remove.deletion_timestamp = 1;
  remove.data_change = false;
  remove.extended_file_metadata = true;
  remove.partition_values = PartitionValues{{"p", "1"}};
  remove.size = 2;
  remove.stats = "{}";
  remove.deletion_vector = {"u", "ab", 1, 2, 3};
  remove.base_row_id = 4;
  remove.default_row_commit_version = 5;
  Metadata metadata;
  metadata.id = "i";
  metadata.name = "n";
  metadata.description = "d";
  metadata.schema_string = "{}";
  metadata.configuration = {{"k", ""}};
  CommitInfo info;
  info.fields["big"] = std::numeric_limits<std::uint64_t>::max();
  const std::vector<Action> actions = {
      full_add(),
      remove,
      metadata,
      Protocol{3, 7, {{}}, {{"x"}}},
      SetTransaction{"a", std::numeric_limits<std::int64_t>::max(), {}},
      DomainMetadata{"d", "c", false},
      AddCdcFile{"c", {{"p", "1"}}, 3},
      info};
  for (const Action& action : actions) {
    const std::string line = to_json_line(action);
    const std::vector<Action> found = read(line);
    ASSERT_EQ(found.size(), 1u) << line;
    EXPECT_EQ(found[0].index(), action.index());
    EXPECT_EQ(to_json_line(found[0]), line);
  }
}

TEST(ActionJsonTest, IdentifiesDeletionVectors) {
  EXPECT_EQ(inline_vector().unique_id(), "i^Bg9^0rr");
  EXPECT_EQ((DeletionVectorDescriptor{"u", "ab", 1, 2, 3}.unique_id()), "uab@1");
}

TEST(CommitReaderTest, ReadsTheLastLineFirst) {
  const auto actions = read(
      "{\"txn\":{\"appId\":\"a\",\"version\":1}}\r\n\n"
      "{\"txn\":{\"appId\":\"b\",\"version\":2}}");
  ASSERT_EQ(actions.size(), 2u);
  EXPECT_EQ(std::get<SetTransaction>(actions[0]).app_id, "b");
  EXPECT_EQ(std::get<SetTransaction>(actions[1]).app_id, "a");
}

TEST(CommitReaderTest, LeavesUnreadWhatIsNotSelected) {
  const std::string text = to_json_line(full_add()) + "\n" + to_json_line(Protocol{}) + "\n" +
                           to_json_line(AddCdcFile{"c", {}, 1}) + "\n" + to_json_line(CommitInfo{});
  EXPECT_EQ(read(text, {.files = true}).size(), 1u);
  EXPECT_EQ(read(text, {.changes = true}).size(), 1u);
  EXPECT_EQ(read(text, {.commit_info = true}).size(), 1u);
  EXPECT_EQ(read(text, {.table = true}).size(), 1u);
  EXPECT_EQ(read(text).size(), 4u);
}

TEST(CommitReaderTest, AcceptsIntegersThatWritersSpellOtherwise) {
  const auto actions = read(R"({"add":{"path":"f","size":12.0,"modificationTime":"5"}})");
  EXPECT_EQ(std::get<AddFile>(actions.at(0)).size, 12);
  EXPECT_EQ(std::get<AddFile>(actions.at(0)).modification_time, 5);
}

TEST(CommitReaderTest, TakesAnythingForATextInConfigurationAndTags) {
  const auto actions =
      read(R"({"add":{"path":"f","tags":{"a":1,"b":true,"c":null,"d":{"e":[1]}}}})");
  EXPECT_EQ(std::get<AddFile>(actions.at(0)).tags,
            (std::map<std::string, std::string>{{"a", "1"}, {"b", "true"}, {"d", "{\"e\":[1]}"}}));
}

TEST(CommitReaderTest, TakesNumbersAndBooleansForTextsInPartitionValues) {
  const auto actions =
      read(R"({"add":{"path":"f","partitionValues":{"a":1.50,"b":true,"c":null,"d":"x"}}})");
  EXPECT_EQ(std::get<AddFile>(actions.at(0)).partition_values,
            (PartitionValues{{"a", "1.50"}, {"b", "true"}, {"c", std::nullopt}, {"d", "x"}}));
  EXPECT_THROW(static_cast<void>(read(R"({"add":{"path":"f","partitionValues":{"a":[1]}}})")),
               base::Error);
}

TEST(ActionJsonTest, PassesOverWhatLaterProtocolsMayBring) {
  const std::string text = R"({"addition":{"path":"f"}})"
                           "\n"
                           R"({"add":{"path":"f","deletionVectors":{},"deletedVector":1}})";
  EXPECT_EQ(read(text).size(), 1u);
}

// The rows that it deletes would be back.
TEST(ActionJsonTest, RefusesANameWithADamagedByte) {
  AddFile add = full_add();
  const std::vector<std::string> lines = {
      to_json_line(add), to_json_line(RemoveFile{.path = "f", .deletion_vector = inline_vector()}),
      to_json_line(Protocol{3, 7, {{"a"}}, {{"a", "b"}}}),
      to_json_line(DomainMetadata{"d", "c", true})};
  const auto field_of = [](const std::string& name) { return '"' + name + "\":"; };
  std::size_t tried = 0;
  for (const std::string& line : lines) {
    for (const std::string name :
         {"add", "remove", "protocol", "domainMetadata", "partitionValues", "size", "stats",
          "deletionVector", "offset", "cardinality", "baseRowId", "readerFeatures", "removed"}) {
      const std::size_t at = line.find(field_of(name));
      if (at == std::string::npos) continue;
      std::string damaged = line;
      damaged[at + 1 + tried++ % name.size()] ^= 4;
      try {
        read(damaged);
        FAIL() << damaged << " was read";
      } catch (const base::Error& error) {
        EXPECT_EQ(error.code(), "DELTA_LOG_CORRUPT");
        EXPECT_NE(error.message().find("'" + name + "' with a damaged byte"), std::string::npos)
            << error.message();
      }
    }
  }
  EXPECT_GE(tried, 13u);
}

}  // namespace
}  // namespace delta
