#include "delta/src/checkpoint_reader.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/error.h"
#include "delta/snapshot.h"
#include "delta/src/log_path.h"
#include "delta/testing/json_parquet_engine.h"

namespace delta {
namespace {

using Names = std::vector<std::string>;

constexpr const char* kProtocol =
    R"({"protocol":{"minReaderVersion":3,"minWriterVersion":7,"readerFeatures":["v2Checkpoint"],)"
    R"("writerFeatures":["v2Checkpoint","appendOnly"]}})";
constexpr const char* kMetadata =
    R"({"metaData":{"id":"t","schemaString":"{\"type\":\"struct\",\"fields\":[]}",)"
    R"("partitionColumns":["p","q"],"configuration":{"k":"v"},"createdTime":5}})";

std::string add(const std::string& path) {
  return R"({"add":{"path":")" + path + R"(","size":7,"modificationTime":8,"dataChange":true}})";
}

struct Case {
  const char* name;
  ArrowStrings strings;
  std::size_t rows_per_batch;
};

class CheckpointTest : public testing::TestWithParam<Case> {
 protected:
  void put(const std::string& name, const Names& lines) {
    std::string text;
    for (const std::string& line : lines) text += line + "\n";
    store_->put("/t/_delta_log/" + name, text);
  }
  void classic(std::int64_t version, const Names& lines) {
    put(version_digits(version) + ".checkpoint.parquet", lines);
  }
  std::shared_ptr<const Snapshot> load() {
    return Snapshot::load(
        store_,
        std::make_shared<JsonParquetEngine>(store_, GetParam().strings, GetParam().rows_per_batch),
        "/t");
  }
  Names paths() {
    const auto snapshot = load();
    Names names;
    for (const AddFile& file : snapshot->files()) names.push_back(file.path);
    std::sort(names.begin(), names.end());
    return names;
  }
  base::Error error() {
    try {
      const auto snapshot = load();
      snapshot->files();
    } catch (const base::Error& caught) {
      return caught;
    }
    return base::Error(base::Stage::kRuntime, "NONE", "no error");
  }

  std::shared_ptr<Store> store_ = memory_store();
};

TEST_P(CheckpointTest, HoldsAWholeTable) {
  classic(3, {kProtocol, kMetadata,
              R"({"add":{"path":"f","partitionValues":{"p":"1","q":null},"size":7,)"
              R"("modificationTime":8,"dataChange":false,"stats":"{\"numRecords\":1}",)"
              R"("tags":{"a":"b"},"deletionVector":{"storageType":"u","pathOrInlineDv":"ab",)"
              R"("offset":1,"sizeInBytes":2,"cardinality":3},"baseRowId":4,)"
              R"("defaultRowCommitVersion":5}})",
              add("g"), R"({"remove":{"path":"h"}})",
              R"({"txn":{"appId":"app","version":9007199254740993}})",
              R"({"domainMetadata":{"domain":"d","configuration":"c","removed":false}})"});
  const auto snapshot = load();
  EXPECT_EQ(snapshot->version(), 3);
  EXPECT_EQ(snapshot->protocol().reader_features, Names{"v2Checkpoint"});
  EXPECT_EQ(snapshot->protocol().writer_features, (Names{"v2Checkpoint", "appendOnly"}));
  EXPECT_EQ(snapshot->metadata().partition_columns, (Names{"p", "q"}));
  EXPECT_EQ(snapshot->metadata().configuration.at("k"), "v");
  EXPECT_EQ(snapshot->metadata().created_time, 5);
  EXPECT_EQ(snapshot->transaction_version("app"), 9007199254740993);
  EXPECT_EQ(snapshot->domain_metadata().at("d").configuration, "c");
  const SnapshotFiles files = snapshot->files();
  ASSERT_EQ(files.size(), 2u);
  const AddFile& file = files[0];
  EXPECT_EQ(file.path, "f");
  EXPECT_EQ(file.partition_values, (PartitionValues{{"p", "1"}, {"q", std::nullopt}}));
  EXPECT_EQ(file.size, 7);
  EXPECT_EQ(file.modification_time, 8);
  EXPECT_FALSE(file.data_change);
  EXPECT_EQ(file.stats, R"({"numRecords":1})");
  EXPECT_EQ(file.tags.at("a"), "b");
  EXPECT_EQ(file.deletion_vector->unique_id(), "uab@1");
  EXPECT_EQ(file.deletion_vector->cardinality, 3);
  EXPECT_EQ(file.base_row_id, 4);
  EXPECT_EQ(file.default_row_commit_version, 5);
  EXPECT_FALSE(files[1].deletion_vector);
  EXPECT_FALSE(files[1].stats);
}

TEST_P(CheckpointTest, MayHoldStatisticsAsColumnsAlone) {
  classic(3, {kProtocol, kMetadata,
              R"({"add":{"path":"f","stats_parsed":{"numRecords":2,"minValues":{"a":1},)"
              R"("maxValues":{"a":2},"nullCount":{"a":0}}}})"});
  EXPECT_EQ(load()->files().begin()->stats,
            R"({"numRecords":2,"minValues":{"a":1},"maxValues":{"a":2},"nullCount":{"a":0}})");
}

TEST_P(CheckpointTest, IsOverruledByLaterCommits) {
  classic(3, {kProtocol, kMetadata, add("f"), add("g")});
  put(version_digits(4) + ".json", {R"({"remove":{"path":"f"}})", add("h")});
  EXPECT_EQ(paths(), (Names{"g", "h"}));
}

TEST_P(CheckpointTest, MayHaveSeveralParts) {
  const std::string prefix = version_digits(3) + ".checkpoint.";
  put(prefix + "0000000001.0000000002.parquet", {kProtocol, add("f")});
  put(prefix + "0000000002.0000000002.parquet", {add("g"), kMetadata});
  EXPECT_EQ(paths(), (Names{"f", "g"}));
}

TEST_P(CheckpointTest, MayHaveSidecars) {
  put("_sidecars/a.parquet", {add("f"), R"({"remove":{"path":"x"}})"});
  put("_sidecars/b c.parquet", {add("g")});
  const Names lines = {kProtocol, kMetadata, R"({"checkpointMetadata":{"version":3}})",
                       R"({"sidecar":{"path":"a.parquet","sizeInBytes":1}})",
                       R"({"sidecar":{"path":"b%20c.parquet","sizeInBytes":1}})"};
  const std::string name = version_digits(3) + ".checkpoint.80a083e8-7026-4e79-81be-64bd76c43a11.";
  put(name + "json", lines);
  EXPECT_EQ(paths(), (Names{"f", "g"}));
  store_->remove("/t/_delta_log/" + name + "json");
  put(name + "parquet", lines);
  EXPECT_EQ(paths(), (Names{"f", "g"}));
  store_->remove("/t/_delta_log/_sidecars/a.parquet");
  EXPECT_EQ(error().code(), "DELTA_LOG_CORRUPT");
  EXPECT_EQ(error().details().at("path"), "/t/_delta_log/_sidecars/a.parquet");
}

TEST_P(CheckpointTest, HasSidecarsOfActions) {
  put("_sidecars/a.parquet", {R"({"txn":{"appId":"a","version":1}})"});
  put(version_digits(3) + ".checkpoint.80a083e8-7026-4e79-81be-64bd76c43a11.json",
      {kProtocol, kMetadata, R"({"sidecar":{"path":"a.parquet","sizeInBytes":1}})"});
  EXPECT_EQ(error().code(), "DELTA_LOG_CORRUPT");
  EXPECT_EQ(error().details().at("path"), "/t/_delta_log/_sidecars/a.parquet");
}

TEST_P(CheckpointTest, MayHaveSidecarsOfNothingButRemovals) {
  put("_sidecars/a.parquet", {R"({"remove":{"path":"f","dataChange":false}})"});
  put("_sidecars/b.parquet", {add("g")});
  put(version_digits(3) + ".checkpoint.80a083e8-7026-4e79-81be-64bd76c43a11.json",
      {kProtocol, kMetadata, R"({"sidecar":{"path":"a.parquet","sizeInBytes":1}})",
       R"({"sidecar":{"path":"b.parquet","sizeInBytes":1}})"});
  EXPECT_EQ(load()->files().size(), 1U);
}

TEST_P(CheckpointTest, MustHaveWhatEveryTableHas) {
  classic(3, {kProtocol, add("f")});
  EXPECT_NE(error().message().find("no metaData"), std::string::npos) << error().message();
  classic(3, {kMetadata});
  EXPECT_NE(error().message().find("no protocol"), std::string::npos) << error().message();
  classic(3, {kProtocol, kMetadata, R"({"add":{"size":1}})"});
  EXPECT_EQ(error().code(), "DELTA_LOG_CORRUPT");
  classic(3, {"PAR1 but not for long"});
  EXPECT_EQ(error().code(), "DELTA_LOG_CORRUPT");
  EXPECT_TRUE(error().details().at("path").ends_with(".checkpoint.parquet"));
}

INSTANTIATE_TEST_SUITE_P(Layouts, CheckpointTest,
                         testing::Values(Case{"utf8", ArrowStrings::kUtf8, 1024},
                                         Case{"large", ArrowStrings::kLargeUtf8, 1},
                                         Case{"view", ArrowStrings::kView, 2},
                                         Case{"dictionary", ArrowStrings::kDictionary, 3}),
                         [](const auto& info) { return info.param.name; });

TEST(CheckpointReaderTest, SaysThatAnEngineIsMissing) {
  const auto store = memory_store();
  store->put("/t/_delta_log/00000000000000000000.checkpoint.parquet", "x");
  try {
    Snapshot::load(store, nullptr, "/t");
    FAIL();
  } catch (const base::Error& error) {
    EXPECT_EQ(error.code(), "DELTA_PARQUET_ENGINE_MISSING");
  }
}

}  // namespace
}  // namespace delta
