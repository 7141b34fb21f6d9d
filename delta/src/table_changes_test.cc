#include "delta/table_changes.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "delta/schema.h"

namespace delta {
namespace {

using Json = nlohmann::json;

StructField column(const std::string& name, TypeKind kind = TypeKind::kLong) {
  return {.name = name, .type = DataType::primitive(kind)};
}

StructField mapped(const std::string& name, const std::string& physical) {
  StructField field = column(name);
  field.metadata = {{"delta.columnMapping.id", 1}, {"delta.columnMapping.physicalName", physical}};
  return field;
}

// Actions become commits; changes become lines such as "1 delete f only DV1 without DV0".
class TableChangesTest : public testing::Test {
 protected:
  void commit(const std::vector<Action>& actions) {
    std::string text;
    for (const Action& action : actions) text += to_json_line(action) + "\n";
    std::string name = std::to_string(version_++);
    name.insert(0, 20 - name.size(), '0');
    store_->put("/t/_delta_log/" + name + ".json", text);
  }
  // The first commit of a table that records its changes.
  void create(std::vector<StructField> columns = {column("a")},
              std::map<std::string, std::string> more = {}) {
    commit({Protocol{}, metadata(std::move(columns), std::move(more))});
  }
  static Metadata metadata(std::vector<StructField> columns,
                           std::map<std::string, std::string> more = {}) {
    Metadata metadata;
    metadata.id = "t";
    metadata.schema_string = to_json(Schema{std::move(columns)});
    metadata.configuration = std::move(more);
    metadata.configuration.try_emplace("delta.enableChangeDataFeed", "true");
    return metadata;
  }
  static Metadata mapped_metadata(std::vector<StructField> columns) {
    return metadata(std::move(columns), {{"delta.columnMapping.mode", "name"}});
  }
  static Protocol mapping_protocol() { return {2, 5, std::nullopt, std::nullopt}; }
  static DeletionVectorDescriptor vector(const std::string& name) {
    return {.storage_type = "u", .path_or_inline_dv = name, .size_in_bytes = 1, .cardinality = 1};
  }
  static AddFile add(const std::string& path,
                     std::optional<DeletionVectorDescriptor> deleted = std::nullopt) {
    AddFile file;
    file.path = path;
    file.deletion_vector = std::move(deleted);
    return file;
  }
  static RemoveFile remove(const std::string& path,
                           std::optional<DeletionVectorDescriptor> deleted = std::nullopt) {
    RemoveFile file;
    file.path = path;
    file.deletion_vector = std::move(deleted);
    return file;
  }
  static AddCdcFile change_file(const std::string& path) {
    return {.path = path, .partition_values = {{"p", "1"}}, .size = 3};
  }
  static CommitInfo info(Json fields) { return CommitInfo{std::move(fields)}; }

  TableChanges changes(const ChangeRange& range) {
    return table_changes(Snapshot::load(store_, nullptr, "/t"), range);
  }
  TableChanges changes(std::int64_t from, std::optional<std::int64_t> to = std::nullopt) {
    return changes({.from_version = from, .to_version = to});
  }
  std::vector<std::string> lines(std::int64_t from, std::optional<std::int64_t> to = std::nullopt) {
    std::vector<std::string> lines;
    for (const FileChange& change : changes(from, to).files) {
      std::string line = std::to_string(change.version) + " " +
                         std::string(to_string(change.type)) + " " + change.file.path;
      if (change.only) line += " only " + change.only->path_or_inline_dv;
      if (const auto& without = change.file.deletion_vector) {
        line += " without " + without->path_or_inline_dv;
      }
      lines.push_back(std::move(line));
    }
    return lines;
  }
  base::Error error(const ChangeRange& range) {
    try {
      changes(range);
    } catch (const base::Error& caught) {
      return caught;
    }
    return base::Error(base::Stage::kRuntime, "NONE", "no error");
  }
  base::Error error(std::int64_t from, std::optional<std::int64_t> to = std::nullopt) {
    return error(ChangeRange{.from_version = from, .to_version = to});
  }

  std::shared_ptr<Store> store_ = memory_store();
  std::int64_t version_ = 0;
};

using Lines = std::vector<std::string>;

TEST_F(TableChangesTest, AddedFilesAreInsertsAndRemovedOnesDeletes) {
  create();
  commit({add("f"), add("g")});
  commit({remove("f"), add("h")});
  EXPECT_EQ(lines(0), (Lines{"1 insert f", "1 insert g", "2 delete f", "2 insert h"}));
  EXPECT_EQ(lines(2), (Lines{"2 delete f", "2 insert h"}));
  EXPECT_EQ(lines(0, 1), (Lines{"1 insert f", "1 insert g"}));
}

TEST_F(TableChangesTest, FilesThatChangeNoDataAreNoChanges) {
  create();
  AddFile rewritten = add("g");
  rewritten.data_change = false;
  RemoveFile compacted = remove("f");
  compacted.data_change = false;
  commit({add("f")});
  commit({rewritten, compacted});
  EXPECT_EQ(lines(2), Lines{});
}

TEST_F(TableChangesTest, ChangeDataFilesTakeThePlaceOfAddsAndRemoves) {
  create();
  commit({remove("f"), add("g"), change_file("_change_data/c"), change_file("_change_data/d")});
  EXPECT_EQ(lines(1), (Lines{"1  _change_data/c", "1  _change_data/d"}));
  const FileChange change = changes(1).files.at(0);
  EXPECT_EQ(change.type, ChangeType::kInFile);
  EXPECT_EQ(change.file.partition_values.at("p"), "1");
  EXPECT_EQ(change.file.size, 3);
}

TEST_F(TableChangesTest, ANewDeletionVectorDeletesItsRows) {
  create();
  commit({remove("f"), add("f", vector("new"))});
  EXPECT_EQ(lines(1), (Lines{"1 delete f only new"}));
}

TEST_F(TableChangesTest, AChangedDeletionVectorDeletesAndRestoresTheRowsBetween) {
  create();
  commit({remove("f", vector("old")), add("f", vector("new"))});
  EXPECT_EQ(lines(1),
            (Lines{"1 delete f only new without old", "1 insert f only old without new"}));
}

TEST_F(TableChangesTest, FilesHaveTheSizesThatTheLogTells) {
  create();
  AddFile added = add("f");
  added.size = 7;
  RemoveFile removed = remove("g");
  removed.size = 8;
  commit({added, removed, remove("h")});
  commit({change_file("_change_data/c")});
  std::map<std::string, std::optional<std::int64_t>> sizes;
  for (const FileChange& change : changes(1).files) sizes[change.file.path] = change.file_size;
  EXPECT_EQ(sizes, (std::map<std::string, std::optional<std::int64_t>>{
                       {"f", 7}, {"g", 8}, {"h", std::nullopt}, {"_change_data/c", 3}}));
}

TEST_F(TableChangesTest, AFileWithAnotherDeletionVectorHasTheSizeAndPartitionOfTheOldOne) {
  create();
  AddFile again = add("f", vector("v"));
  again.size = 7;
  again.partition_values = {{"p", "1"}};
  commit({remove("f"), again});
  const FileChange change = changes(1).files.at(0);
  EXPECT_EQ(change.type, ChangeType::kDelete);
  EXPECT_EQ(change.file_size, 7);
  EXPECT_EQ(change.file.partition_values, again.partition_values);
}

TEST_F(TableChangesTest, ARemovedFileWithoutItsPartitionIsRefused) {
  Metadata partitioned = metadata(
      {{"a", DataType::primitive(TypeKind::kLong)}, {"p", DataType::primitive(TypeKind::kString)}});
  partitioned.partition_columns = {"p"};
  commit({Protocol{}, partitioned});
  commit({remove("f")});
  EXPECT_EQ(error(1).code(), "DELTA_CHANGES_NOT_RECORDED");
  EXPECT_NE(error(1).message().find("'f'"), std::string::npos) << error(1).message();
}

TEST_F(TableChangesTest, ADroppedDeletionVectorRestoresItsRows) {
  create();
  commit({add("f"), remove("f", vector("old"))});
  EXPECT_EQ(lines(1), (Lines{"1 insert f only old"}));
}

TEST_F(TableChangesTest, AFileRemovedAndAddedAsItWasIsNoChange) {
  create();
  commit({remove("f", vector("same")), add("f", vector("same"))});
  commit({remove("a%20b"), add("a%20b")});
  EXPECT_EQ(lines(1), Lines{});
}

TEST_F(TableChangesTest, DeletedRowsOfAWholeFileAreNotPartOfTheChange) {
  create();
  commit({add("f", vector("in"))});
  commit({remove("f", vector("in"))});
  EXPECT_EQ(lines(1), (Lines{"1 insert f without in", "2 delete f without in"}));
}

TEST_F(TableChangesTest, AMergeThatChangedNoRowIsNoChange) {
  create();
  const Json none = {
      {"numTargetRowsInserted", "0"}, {"numTargetRowsUpdated", "0"}, {"numTargetRowsDeleted", "0"}};
  commit({info({{"operation", "MERGE"}, {"operationMetrics", none}}), remove("f"), add("g")});
  commit({info({{"operation", "UPDATE"}, {"operationMetrics", none}}), remove("g"), add("h")});
  EXPECT_EQ(lines(1), (Lines{"2 delete g", "2 insert h"}));
}

TEST_F(TableChangesTest, InCommitTimestampsAreTheTimesOfChanges) {
  create();
  commit({info({{"inCommitTimestamp", 1234}}), add("f")});
  EXPECT_EQ(changes(1).files.at(0).timestamp, 1234);
}

TEST_F(TableChangesTest, AVersionWithoutTheFeedIsRefused) {
  commit({Protocol{}, metadata({column("a")}, {{"delta.enableChangeDataFeed", "false"}})});
  commit({metadata({column("a")}), add("f")});
  commit({metadata({column("a")}, {{"delta.enableChangeDataFeed", "false"}})});
  EXPECT_EQ(lines(1, 1), (Lines{"1 insert f"}));
  const base::Error before = error(0, 1);
  EXPECT_EQ(before.code(), "DELTA_CHANGES_NOT_RECORDED");
  EXPECT_EQ(before.details().at("version"), "0");
  const base::Error after = error(1);
  EXPECT_EQ(after.code(), "DELTA_CHANGES_NOT_RECORDED");
  EXPECT_EQ(after.details().at("version"), "2");
}

TEST_F(TableChangesTest, TheFeedIsOnByItsNameOfOldWhereTheOtherIsNotSet) {
  EXPECT_TRUE(records_changes({.configuration = {{"delta.enableChangeDataCapture", "TRUE"}}}));
  EXPECT_FALSE(records_changes({.configuration = {{"delta.enableChangeDataCapture", "true"},
                                                  {"delta.enableChangeDataFeed", "false"}}}));
  EXPECT_FALSE(records_changes({}));
  Metadata legacy = metadata({column("a")}, {{"delta.enableChangeDataCapture", "true"}});
  legacy.configuration.erase("delta.enableChangeDataFeed");
  commit({Protocol{}, legacy});
  commit({add("f")});
  EXPECT_EQ(lines(1), (Lines{"1 insert f"}));
}

TEST_F(TableChangesTest, AddedColumnsAreShownInAllVersions) {
  create();
  commit({add("f")});
  commit({metadata({column("a"), column("b")})});
  EXPECT_EQ(lines(0, 1), (Lines{"1 insert f"}));
  EXPECT_EQ(changes(0, 1).snapshot->schema().fields.size(), 2U);
}

TEST_F(TableChangesTest, AChangedTypeIsRefused) {
  create({column("a", TypeKind::kInteger)});
  commit({metadata({column("a", TypeKind::kLong)})});
  const base::Error fault = error(0);
  EXPECT_EQ(fault.code(), "DELTA_CHANGES_SCHEMA_INCOMPATIBLE");
  EXPECT_NE(fault.message().find("the type of column 'a' changed from integer to long"),
            std::string::npos)
      << fault.message();
  EXPECT_EQ(lines(1), Lines{});
}

TEST_F(TableChangesTest, ARenamedOrDroppedColumnIsRefusedOnlyWithinTheRange) {
  commit({mapping_protocol(), mapped_metadata({mapped("a", "c1"), mapped("b", "c2")})});
  commit({add("f")});
  commit({mapped_metadata({mapped("x", "c1"), mapped("b", "c2")})});
  commit({mapped_metadata({mapped("x", "c1")})});
  EXPECT_EQ(lines(0, 1), (Lines{"1 insert f"}));
  EXPECT_EQ(changes(0, 1).snapshot->schema().fields.at(0).name, "a");
  const base::Error renamed = error(0, 2);
  EXPECT_EQ(renamed.code(), "DELTA_CHANGES_SCHEMA_INCOMPATIBLE");
  EXPECT_NE(renamed.message().find("column 'a' was renamed to 'x'"), std::string::npos);
  EXPECT_NE(error(2).message().find("column 'b' was dropped"), std::string::npos);
}

TEST_F(TableChangesTest, TheEndMayLieBeyondTheLatestVersionButNotTheStart) {
  create();
  commit({add("f")});
  EXPECT_EQ(lines(1, 9), (Lines{"1 insert f"}));
  EXPECT_EQ(error(2).code(), "DELTA_VERSION_NOT_FOUND");
}

TEST_F(TableChangesTest, ARangeThatMakesNoSenseIsRefused) {
  create();
  commit({add("f")});
  EXPECT_EQ(error(1, 0).code(), "DELTA_CHANGE_RANGE_INVALID");
  EXPECT_EQ(error(-1).code(), "DELTA_CHANGE_RANGE_INVALID");
  EXPECT_EQ(error(ChangeRange{}).code(), "DELTA_CHANGE_RANGE_INVALID");
  EXPECT_EQ(error({.from_version = 0, .to_version = 1, .to_timestamp = Timestamp{1}}).code(),
            "DELTA_CHANGE_RANGE_INVALID");
}

TEST_F(TableChangesTest, ACommitThatIsGoneIsNamed) {
  create();
  commit({add("f")});
  commit({add("g")});
  const auto latest = Snapshot::load(store_, nullptr, "/t");
  store_->remove("/t/_delta_log/00000000000000000001.json");
  try {
    table_changes(latest, {.from_version = 0, .to_version = 1});
    FAIL() << "no error";
  } catch (const base::Error& fault) {
    EXPECT_NE(fault.message().find('1'), std::string::npos) << fault.message();
  }
}

TEST_F(TableChangesTest, TimestampsBetweenTwoCommitsGiveNoChanges) {
  const auto enabled = [](std::int64_t time) { return info({{"inCommitTimestamp", time}}); };
  const Protocol protocol{1, 7, std::nullopt,
                          std::vector<std::string>{"changeDataFeed", "inCommitTimestamp"}};
  commit({enabled(100), protocol,
          metadata({column("a")}, {{"delta.enableInCommitTimestamps", "true"}})});
  commit({enabled(200), add("f")});
  const auto between = [&](std::int64_t from_ms, std::int64_t to_ms) {
    return ChangeRange{.from_timestamp = Timestamp{from_ms * 1000},
                       .to_timestamp = Timestamp{to_ms * 1000}};
  };
  EXPECT_EQ(changes(between(110, 120)).files.size(), 0U);
  EXPECT_EQ(changes(between(110, 200)).files.size(), 1U);
  EXPECT_EQ(error(between(120, 110)).code(), "DELTA_CHANGE_RANGE_INVALID");
  EXPECT_EQ(error(between(300, 400)).code(), "DELTA_TIMESTAMP_NOT_FOUND");
}

}  // namespace
}  // namespace delta
