#include "delta/snapshot.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <utility>

#include "base/error.h"
#include "delta/testing/faulty_store.h"

namespace delta {
namespace {

constexpr const char* kProtocol = R"({"protocol":{"minReaderVersion":1,"minWriterVersion":2}})";
constexpr const char* kMetadata =
    R"({"metaData":{"id":"t","format":{"provider":"parquet","options":{}},)"
    R"("schemaString":"{\"type\":\"struct\",\"fields\":[{\"name\":\"a\",\"type\":\"long\",)"
    R"(\"nullable\":true,\"metadata\":{}}]}","partitionColumns":[],"configuration":{"k":"v"}}})";

std::string add(const std::string& path, const std::string& more = "") {
  return R"({"add":{"path":")" + path +
         R"(","partitionValues":{},"size":7,"modificationTime":8,"dataChange":true)" + more + "}}";
}
std::string remove(const std::string& path, const std::string& more = "") {
  return R"({"remove":{"path":")" + path + R"(","dataChange":true)" + more + "}}";
}

// Counts how many commits are read from another store.
class CountingStore final : public FaultyStore {
 public:
  using FaultyStore::FaultyStore;
  std::string read(const std::string& path) const override {
    if (path.ends_with(".json")) ++commits_read;
    return FaultyStore::read(path);
  }
  mutable int commits_read = 0;
};

class SnapshotTest : public testing::Test {
 protected:
  void commit(std::int64_t version, const std::vector<std::string>& lines) {
    std::string text;
    for (const std::string& line : lines) text += line + "\n";
    write(version, text);
  }
  void write(std::int64_t version, const std::string& text) {
    std::string name = std::to_string(version);
    name.insert(0, 20 - name.size(), '0');
    store_->put("/t/_delta_log/" + name + ".json", text);
  }
  std::shared_ptr<const Snapshot> load(std::optional<std::int64_t> version = std::nullopt) {
    return Snapshot::load(store_, nullptr, "/t", version);
  }
  std::vector<std::string> paths(std::optional<std::int64_t> version = std::nullopt) {
    std::vector<std::string> names;
    const auto snapshot = load(version);
    for (const AddFile& file : snapshot->files()) names.push_back(file.path);
    std::sort(names.begin(), names.end());
    return names;
  }
  base::Error error(std::optional<std::int64_t> version = std::nullopt) {
    try {
      const auto snapshot = load(version);
      snapshot->files();
    } catch (const base::Error& caught) {
      return caught;
    }
    return base::Error(base::Stage::kRuntime, "NONE", "no error");
  }

  std::shared_ptr<Store> store_ = memory_store();
};

using Names = std::vector<std::string>;

TEST_F(SnapshotTest, HasTheNewestProtocolAndMetadata) {
  commit(0, {kProtocol, kMetadata});
  commit(1, {R"({"protocol":{"minReaderVersion":1,"minWriterVersion":7,"writerFeatures":["x"]}})"});
  const auto snapshot = load();
  EXPECT_EQ(snapshot->version(), 1);
  EXPECT_EQ(snapshot->location(), "/t");
  EXPECT_EQ(snapshot->protocol().min_writer_version, 7);
  EXPECT_EQ(snapshot->metadata().configuration.at("k"), "v");
  EXPECT_EQ(snapshot->schema().fields.at(0).name, "a");
}

TEST_F(SnapshotTest, MetadataThatIsNoLongerInForceMayLackItsSchema) {
  const char* const bare =
      R"({"metaData":{"id":"t","format":{"provider":"parquet"},"partitionColumns":[]}})";
  commit(0, {kProtocol, bare});
  EXPECT_EQ(error().code(), "DELTA_LOG_CORRUPT");
  EXPECT_NE(error().message().find("schemaString"), std::string::npos);
  commit(1, {kMetadata, add("f")});
  EXPECT_EQ(load()->schema().fields.size(), 1u);
  EXPECT_EQ(paths(), Names{"f"});
  EXPECT_EQ(error(0).code(), "DELTA_LOG_CORRUPT");
}

TEST_F(SnapshotTest, KeepsTheNewestReferenceToEachFile) {
  commit(0, {kProtocol, kMetadata, add("f"), add("g")});
  commit(1, {remove("f"), add("h")});
  commit(2, {remove("h"), add("f")});
  EXPECT_EQ(paths(0), (Names{"f", "g"}));
  EXPECT_EQ(paths(1), (Names{"g", "h"}));
  EXPECT_EQ(paths(2), (Names{"f", "g"}));
}

constexpr const char* kVector =
    R"(,"deletionVector":{"storageType":"u","pathOrInlineDv":"x","offset":1,"sizeInBytes":2,"cardinality":3})";

TEST_F(SnapshotTest, TellsFilesApartByTheirDeletionVectors) {
  commit(0, {kProtocol, kMetadata, add("f")});
  commit(1, {add("f", kVector), remove("f")});
  const SnapshotFiles files = load()->files();
  ASSERT_EQ(files.size(), 1u);
  EXPECT_EQ(files[0].deletion_vector->unique_id(), "ux@1");
  EXPECT_EQ(files[0].deletion_vector->cardinality, 3);
}

TEST_F(SnapshotTest, ADataFileIsNotInTheTableTwice) {
  commit(0, {kProtocol, kMetadata, add("a%20f"), add("g", kVector)});
  EXPECT_EQ(paths().size(), 2u);
  commit(1, {add("a f", kVector), remove("damaged")});
  EXPECT_EQ(error().code(), "DELTA_LOG_CORRUPT");
  EXPECT_NE(error().message().find(
                "the data file 'a%20f' is in the table more than once, with different deletion "
                "vectors"),
            std::string::npos)
      << error().message();
  commit(2, {remove("a f")});
  EXPECT_EQ(paths(), (Names{"a f", "g"}));
  commit(2, {add("g", R"(,"deletionVector":{"storageType":"u","pathOrInlineDv":"y","offset":1,)"
                      R"("sizeInBytes":2,"cardinality":3})"),
             remove("a f")});
  EXPECT_EQ(error().code(), "DELTA_LOG_CORRUPT");
}

TEST_F(SnapshotTest, ACommitDoesNotAddAFileTwice) {
  commit(0, {kProtocol, kMetadata, add("f")});
  commit(1, {add("g"), remove("f"), add("g")});
  const base::Error fault = error();
  EXPECT_EQ(fault.code(), "DELTA_LOG_CORRUPT");
  EXPECT_EQ(fault.details().at("path"), "/t/_delta_log/00000000000000000001.json");
  EXPECT_NE(fault.message().find("it adds the file 'g' twice"), std::string::npos);
  // Not valid either, but delta-rs has written such, the second when it restored a table.
  commit(1, {remove("f"), remove("f"), add("f", kVector)});
  EXPECT_EQ(paths(), Names{"f"});
  commit(1, {remove("f"), add("f")});
  EXPECT_EQ(paths(), Names{"f"});
  // More about the file, as when statistics are made anew.
  commit(1, {add("f")});
  commit(2, {add("f")});
  EXPECT_EQ(paths(), Names{"f"});
}

TEST_F(SnapshotTest, TakesDifferentSpellingsOfAPathForOneFile) {
  commit(0, {kProtocol, kMetadata, add("/a/b%20c"), add("/d")});
  commit(1, {remove("file:///a/b%20c"), remove("file:/d")});
  EXPECT_TRUE(paths().empty());
}

TEST_F(SnapshotTest, DecodesPathsOfDataFilesAndPutsThemUnderTheTable) {
  commit(0, {kProtocol, kMetadata, add("p=%2525/f"), add("file:/abs/g")});
  const auto snapshot = load();
  Names found;
  for (const AddFile& file : snapshot->files()) found.push_back(snapshot->data_path(file));
  std::sort(found.begin(), found.end());
  EXPECT_EQ(found, (Names{"/abs/g", "/t/p=%25/f"}));
}

TEST_F(SnapshotTest, RefusesWhatIsNoTable) {
  EXPECT_EQ(error().code(), "DELTA_TABLE_NOT_FOUND");
  store_->put("/t/_delta_log", "a file");
  EXPECT_EQ(error().code(), "DELTA_TABLE_NOT_FOUND");
}

TEST_F(SnapshotTest, RefusesVersionsThatAreNotThere) {
  commit(0, {kProtocol, kMetadata});
  EXPECT_EQ(error(1).code(), "DELTA_VERSION_NOT_FOUND");
  EXPECT_EQ(error(-1).code(), "DELTA_VERSION_NOT_FOUND");
}

TEST_F(SnapshotTest, NamesTheVersionThatIsMissing) {
  commit(0, {kProtocol, kMetadata});
  commit(2, {add("f")});
  EXPECT_EQ(error().code(), "DELTA_LOG_CORRUPT");
  EXPECT_NE(error().message().find("version 1 is missing"), std::string::npos) << error().message();
}

TEST_F(SnapshotTest, NamesTheFileAndLineOfATruncatedCommit) {
  commit(0, {kProtocol, kMetadata});
  write(1, add("f") + "\n" + add("g").substr(0, 30));
  const base::Error fault = error();
  EXPECT_EQ(fault.code(), "DELTA_LOG_CORRUPT");
  EXPECT_EQ(fault.details().at("line"), "2");
  EXPECT_EQ(fault.details().at("path"), "/t/_delta_log/00000000000000000001.json");
}

TEST_F(SnapshotTest, ACommitCutOffWhereAnObjectEndsIsNoShorterCommit) {
  commit(0, {kProtocol, kMetadata, add("a")});
  write(1, R"({"commitInfo":{"operation":"DELETE","operationParameters":{"predicate":"x"})");
  EXPECT_EQ(error().code(), "DELTA_LOG_CORRUPT");
  EXPECT_EQ(error().details().at("line"), "1");
  write(1, R"({"commitInfo":{"operation":"DELETE","operationParameters":{"predicate":"x"}}})");
  EXPECT_EQ(paths(), Names{"a"});
}

TEST_F(SnapshotTest, RefusesMalformedActions) {
  for (const char* line : {"nonsense", "[]", "1", "{", R"({"add":3})", R"({"add":{"size":1}})",
                           R"({"add":{}} x)", R"({"protocol":{"minReaderVersion":"x"}})",
                           R"({"add":{"path":"f","size":"x"}})", R"({"metaData":{"id":"i"}})",
                           R"({"version":1,"size":7})", "\xff", "{\"add\":{\"path\":\"\xff\"}}"}) {
    commit(0, {kProtocol, kMetadata});
    commit(1, {line});
    EXPECT_EQ(error().code(), "DELTA_LOG_CORRUPT") << line;
    EXPECT_EQ(error().details().at("line"), "1") << line;
  }
  write(1, "");
  EXPECT_EQ(error().code(), "DELTA_LOG_CORRUPT");
}

TEST_F(SnapshotTest, NamesWhatEveryTableMustHave) {
  commit(0, {kMetadata});
  EXPECT_NE(error().message().find("no protocol"), std::string::npos);
  commit(0, {kProtocol});
  EXPECT_NE(error().message().find("no metaData"), std::string::npos);
}

TEST_F(SnapshotTest, PassesOverWhatItDoesNotKnow) {
  commit(0, {kProtocol, kMetadata, R"({"future":{"a":[1,{"b":123456789012345678901234567890}]}})",
             "", R"({"future":[1],"txn":{"appId":"a","version":7},"more":"x"})",
             R"(  {"add": {"path": "f", "size": 3, "new": {"x": null}, "stats": null}}  )"});
  EXPECT_EQ(paths(), Names{"f"});
  EXPECT_EQ(load()->transaction_version("a"), 7);
}

TEST_F(SnapshotTest, RefusesFeaturesThatItCannotReadByName) {
  commit(0,
         {kMetadata, R"({"protocol":{"minReaderVersion":3,"minWriterVersion":7,)"
                     R"("readerFeatures":["timestampNtz","fancy"],"writerFeatures":["fancy"]}})"});
  EXPECT_EQ(error().code(), "DELTA_UNSUPPORTED_FEATURE");
  EXPECT_EQ(error().details().at("feature"), "fancy");
  commit(0, {kMetadata, R"({"protocol":{"minReaderVersion":4,"minWriterVersion":7}})"});
  EXPECT_EQ(error().code(), "DELTA_UNSUPPORTED_FEATURE");
}

TEST_F(SnapshotTest, KnowsTransactionsAndDomains) {
  commit(0, {kProtocol, kMetadata, R"({"txn":{"appId":"a","version":1}})",
             R"({"domainMetadata":{"domain":"d","configuration":"c","removed":false}})",
             R"({"domainMetadata":{"domain":"gone","configuration":"c","removed":false}})"});
  commit(1, {R"({"txn":{"appId":"a","version":9007199254740993,"lastUpdated":5}})",
             R"({"domainMetadata":{"domain":"gone","configuration":"","removed":true}})"});
  const auto snapshot = load();
  EXPECT_EQ(snapshot->transaction_version("a"), 9007199254740993);
  EXPECT_EQ(snapshot->transaction_version("b"), std::nullopt);
  ASSERT_EQ(snapshot->transactions().size(), 1u);
  EXPECT_EQ(snapshot->transactions().at("a").last_updated, 5);
  ASSERT_EQ(snapshot->domain_metadata().size(), 1u);
  EXPECT_EQ(snapshot->domain_metadata().at("d").configuration, "c");
}

template <typename Files>
concept GivesReferences = requires(Files&& files) { std::forward<Files>(files)[0]; } ||
                          requires(Files&& files) { std::forward<Files>(files).front(); };

TEST_F(SnapshotTest, AListOfFilesOutlivesItsSnapshot) {
  commit(0, {kProtocol, kMetadata, add("f")});
  std::string paths;
  for (const AddFile& file : load()->files()) paths += file.path;
  EXPECT_EQ(paths, "f");
  // A reference into a list that nobody keeps does not compile.
  static_assert(GivesReferences<const SnapshotFiles&>);
  static_assert(!GivesReferences<SnapshotFiles>);
}

TEST_F(SnapshotTest, OpensWithoutParsingTheFiles) {
  commit(0, {kProtocol, kMetadata, R"({"add":{"path":1}})", R"({"remove":{"size":"x"}})"});
  EXPECT_EQ(load()->metadata().id, "t");
  EXPECT_THROW(load()->files(), base::Error);
}

TEST_F(SnapshotTest, FetchesACommitOnceForStateAndFiles) {
  commit(0, {kProtocol, kMetadata, add("a")});
  commit(1, {add("b"), remove("a")});
  const auto counted = std::make_shared<CountingStore>(store_);
  const auto snapshot = Snapshot::load(counted, nullptr, "/t");
  EXPECT_EQ(snapshot->files().size(), 1u);
  EXPECT_EQ(counted->commits_read, 2);
}

TEST_F(SnapshotTest, FetchesLargeCommitsAgain) {
  commit(0, {kProtocol, kMetadata, add("a"), add(std::string(1 << 20, 'b'))});
  const auto counted = std::make_shared<CountingStore>(store_);
  const auto snapshot = Snapshot::load(counted, nullptr, "/t");
  EXPECT_EQ(snapshot->files().size(), 2u);
  EXPECT_EQ(counted->commits_read, 2);
}

TEST_F(SnapshotTest, TakesTheLastCheckpointFileForAHintOnly) {
  commit(0, {kProtocol, kMetadata, add("f")});
  commit(1, {add("g")});
  for (const char* hint :
       {R"({"version":7})", R"({"version":1})", "nonsense", "", R"({"version":"x"})"}) {
    store_->put("/t/_delta_log/_last_checkpoint", hint);
    EXPECT_EQ(paths(), (Names{"f", "g"})) << hint;
  }
}

TEST_F(SnapshotTest, ReadsLogCompactionsInPlaceOfTheirCommits) {
  commit(0, {kProtocol, kMetadata, add("f")});
  commit(1, {"not read"});
  commit(2, {"not read"});
  commit(3, {add("h")});
  store_->put("/t/_delta_log/00000000000000000001.00000000000000000002.compacted.json",
              remove("f") + "\n" + add("g") + "\n");
  EXPECT_EQ(paths(), (Names{"g", "h"}));
}

// As Databricks writes some: adds that a later commit of the same compaction removes.
TEST_F(SnapshotTest, ReadsTheCommitsWhereALogCompactionHoldsMoreThanOneActionOfAFile) {
  commit(0, {kProtocol, kMetadata, add("f")});
  commit(1, {remove("f"), add("g")});
  commit(2, {remove("g"), add("h")});
  store_->put("/t/_delta_log/00000000000000000000.00000000000000000002.compacted.json",
              std::string(kProtocol) + "\n" + kMetadata + "\n" + remove("f") + "\n" + remove("g") +
                  "\n" + add("f") + "\n" + add("g") + "\n" + add("h") + "\n");
  EXPECT_EQ(paths(), Names{"h"});
}

}  // namespace
}  // namespace delta
