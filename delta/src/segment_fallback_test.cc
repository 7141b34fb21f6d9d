// What is read when a file of the log is broken, or goes while it is read.
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <map>

#include "base/error.h"
#include "delta/snapshot.h"
#include "delta/src/log_path.h"
#include "delta/testing/json_parquet_engine.h"

namespace delta {
namespace {

using Names = std::vector<std::string>;

constexpr const char* kProtocol = R"({"protocol":{"minReaderVersion":1,"minWriterVersion":2}})";
constexpr const char* kMetadata =
    R"({"metaData":{"id":"t","format":{"provider":"parquet","options":{}},)"
    R"("schemaString":"{\"type\":\"struct\",\"fields\":[]}","partitionColumns":[],)"
    R"("configuration":{}}})";

std::string add(const std::string& path) {
  return R"({"add":{"path":")" + path + R"(","size":7,"modificationTime":8,"dataChange":true}})";
}

// Does something just before a file is read for the first time, as another process would.
class MeddledStore final : public Store {
 public:
  void before_reading(const std::string& path, std::function<void()> action) {
    actions_[path] = std::move(action);
  }

  std::string read(const std::string& path) const override {
    if (const auto action = actions_.extract(path)) action.mapped()();
    return store_->read(path);
  }
  std::vector<FileStatus> list(const std::string& directory,
                               std::string_view first_name) const override {
    return store_->list(directory, first_name);
  }
  std::vector<FileStatus> list_tree(const std::string& directory,
                                    const FolderFilter& enters) const override {
    return store_->list_tree(directory, enters);
  }
  bool put_if_absent(const std::string& path, std::string_view bytes) override {
    return store_->put_if_absent(path, bytes);
  }
  void put(const std::string& path, std::string_view bytes) override { store_->put(path, bytes); }
  void remove(const std::string& path) override { store_->remove(path); }
  std::int64_t remove_empty_folders(const std::string& directory, const FolderFilter& enters,
                                    std::int64_t unchanged_since) override {
    return store_->remove_empty_folders(directory, enters, unchanged_since);
  }

 private:
  std::shared_ptr<Store> store_ = memory_store();
  mutable std::map<std::string, std::function<void()>> actions_;
};

class SegmentFallbackTest : public testing::Test {
 protected:
  static std::string log_file(const std::string& name) { return "/t/_delta_log/" + name; }
  static std::string commit_file(std::int64_t version) {
    return log_file(version_digits(version) + ".json");
  }
  static std::string checkpoint_file(std::int64_t version) {
    return log_file(version_digits(version) + ".checkpoint.parquet");
  }
  void put(const std::string& path, const Names& lines) {
    std::string text;
    for (const std::string& line : lines) text += line + "\n";
    store_->put(path, text);
  }
  // Versions 0 to 4, of which each adds the file of its number; checkpoints of 1 and 3.
  void make_table() {
    put(commit_file(0), {kProtocol, kMetadata, add("0")});
    for (int version = 1; version <= 4; ++version) {
      put(commit_file(version), {add(std::to_string(version))});
    }
    put(checkpoint_file(1), {kProtocol, kMetadata, add("0"), add("1")});
    put(checkpoint_file(3), {kProtocol, kMetadata, add("0"), add("1"), add("2"), add("3")});
  }
  std::shared_ptr<const Snapshot> load(std::optional<std::int64_t> version = std::nullopt) {
    return Snapshot::load(store_, std::make_shared<JsonParquetEngine>(store_), "/t", version);
  }
  static Names paths(const Snapshot& snapshot) {
    Names names;
    for (const AddFile& file : snapshot.files()) names.push_back(file.path);
    std::sort(names.begin(), names.end());
    return names;
  }
  base::Error error(std::optional<std::int64_t> version = std::nullopt) {
    try {
      load(version)->files();
    } catch (const base::Error& caught) {
      return caught;
    }
    return base::Error(base::Stage::kRuntime, "NONE", "no error");
  }

  const Names all_ = {"0", "1", "2", "3", "4"};
  std::shared_ptr<MeddledStore> store_ = std::make_shared<MeddledStore>();
};

TEST_F(SegmentFallbackTest, ABrokenCheckpointGivesWayToAnOlderOne) {
  make_table();
  put(checkpoint_file(3), {"{broken"});
  store_->remove(commit_file(0));
  EXPECT_EQ(paths(*load()), all_);
}

TEST_F(SegmentFallbackTest, BrokenCheckpointsGiveWayToTheCommits) {
  make_table();
  put(checkpoint_file(3), {"{broken"});
  put(checkpoint_file(1), {"{broken"});
  put(log_file("_last_checkpoint"), {R"({"version":3})"});
  EXPECT_EQ(paths(*load()), all_);
  EXPECT_EQ(paths(*load(3)), (Names{"0", "1", "2", "3"}));
}

TEST_F(SegmentFallbackTest, ABrokenCheckpointIsAnErrorWhenNothingElseTellsTheSame) {
  make_table();
  put(checkpoint_file(3), {"{broken"});
  store_->remove(commit_file(2));
  EXPECT_EQ(error().code(), "DELTA_LOG_CORRUPT");
  EXPECT_EQ(error().details().at("path"), checkpoint_file(3));
}

TEST_F(SegmentFallbackTest, ABrokenCheckpointOfTheNewestVersionIsNotAnsweredWithAnOlderVersion) {
  make_table();
  put(checkpoint_file(5), {"{broken"});
  EXPECT_EQ(error().code(), "DELTA_LOG_CORRUPT");
  EXPECT_EQ(error().details().at("path"), checkpoint_file(5));
}

TEST_F(SegmentFallbackTest, AMissingSidecarGivesWayToTheCommits) {
  make_table();
  put(checkpoint_file(4),
      {kProtocol, kMetadata, R"({"sidecar":{"path":"gone.parquet","sizeInBytes":1}})"});
  EXPECT_EQ(paths(*load()), all_);
}

TEST_F(SegmentFallbackTest, ABrokenCompactionGivesWayToItsCommits) {
  make_table();
  store_->remove(checkpoint_file(3));
  put(log_file(version_digits(2) + "." + version_digits(4) + ".compacted.json"), {"{broken"});
  EXPECT_EQ(paths(*load()), all_);
}

TEST_F(SegmentFallbackTest, ABrokenCommitStaysAnError) {
  make_table();
  put(commit_file(4), {"{broken"});
  EXPECT_EQ(error().code(), "DELTA_LOG_CORRUPT");
  EXPECT_EQ(error().details().at("path"), commit_file(4));
}

TEST_F(SegmentFallbackTest, ACheckpointThatIsCleanedUpMeanwhileGivesWayToTheNewerOne) {
  make_table();
  store_->before_reading(checkpoint_file(3), [this] {
    put(checkpoint_file(4),
        {kProtocol, kMetadata, add("0"), add("1"), add("2"), add("3"), add("4")});
    store_->remove(checkpoint_file(1));
    store_->remove(checkpoint_file(3));
    for (int version = 0; version <= 4; ++version) store_->remove(commit_file(version));
  });
  EXPECT_EQ(paths(*load()), all_);
}

TEST_F(SegmentFallbackTest, ACommitThatIsCleanedUpMeanwhileIsLookedForInANewListing) {
  make_table();
  store_->before_reading(commit_file(4), [this] {
    put(commit_file(5), {add("5")});
    put(checkpoint_file(5), {kProtocol, kMetadata, add("5")});
    for (int version = 0; version <= 4; ++version) store_->remove(commit_file(version));
  });
  const auto snapshot = load();
  EXPECT_EQ(snapshot->version(), 5);
  EXPECT_EQ(paths(*snapshot), Names{"5"});
}

TEST_F(SegmentFallbackTest, ASnapshotReadsItsFilesFromACheckpointWhenItsCommitsAreCleanedUp) {
  make_table();
  const auto snapshot = load();
  put(checkpoint_file(4), {kProtocol, kMetadata, add("0"), add("1"), add("2"), add("3"), add("4")});
  put(commit_file(5), {add("5")});
  for (int version = 0; version <= 4; ++version) store_->remove(commit_file(version));
  EXPECT_EQ(snapshot->version(), 4);
  EXPECT_EQ(paths(*snapshot), all_);
}

TEST_F(SegmentFallbackTest, ATableThatIsReplacedMeanwhileIsReadAsTheNewOne) {
  make_table();
  store_->remove(checkpoint_file(3));
  store_->before_reading(commit_file(3), [this] {
    for (int version = 0; version <= 4; ++version) store_->remove(commit_file(version));
    store_->remove(checkpoint_file(1));
    put(commit_file(0), {kProtocol, kMetadata, add("new 0")});
    for (int version = 1; version <= 4; ++version) {
      put(commit_file(version), {add("new " + std::to_string(version))});
    }
  });
  EXPECT_EQ(paths(*load()), (Names{"new 0", "new 1", "new 2", "new 3", "new 4"}));
}

TEST_F(SegmentFallbackTest, ASnapshotOfATableThatWasReplacedHasNoFiles) {
  make_table();
  const auto snapshot = load();
  put(commit_file(4), {add("of another table")});
  try {
    snapshot->files();
    FAIL() << "files of two tables";
  } catch (const base::Error& error) {
    EXPECT_EQ(error.code(), "DELTA_TABLE_REPLACED");
    EXPECT_EQ(error.details().at("path"), "/t");
  }
}

TEST_F(SegmentFallbackTest, WhatIsCleanedUpMeanwhileIsNamed) {
  make_table();
  const auto snapshot = load();
  put(checkpoint_file(6), {kProtocol, kMetadata});
  store_->remove(checkpoint_file(1));
  store_->remove(checkpoint_file(3));
  for (int version = 0; version <= 4; ++version) store_->remove(commit_file(version));
  try {
    snapshot->files();
    FAIL() << "the version is gone";
  } catch (const base::Error& error) {
    EXPECT_NE(error.message().find(checkpoint_file(3)), std::string::npos) << error.message();
  }
}

}  // namespace
}  // namespace delta
