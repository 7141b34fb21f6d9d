// Version checksums that commits leave.
#include "delta/src/version_checksum.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/shared_data.h"
#include "delta/log_verification.h"
#include "delta/src/log_path.h"
#include "delta/src/row_ids.h"
#include "delta/testing/faulty_store.h"
#include "delta/transaction.h"

namespace delta {
namespace {

namespace fs = std::filesystem;

const DeletionVectorDescriptor kVector{"i", "wi5b=000010000siXQKl0rr91000f55c8Xg0@@D72lkbi5=-{L",
                                       std::nullopt, 40, 6};

AddFile file(const std::string& path, std::int64_t size = 10) {
  AddFile add;
  add.path = path;
  add.size = size;
  add.stats = R"({"numRecords":10})";
  return add;
}

class VersionChecksumTest : public testing::Test {
 protected:
  void create() {
    NewTable table;
    table.schema.fields.push_back({"a", DataType::primitive(TypeKind::kLong)});
    table.configuration = {{"delta.enableInCommitTimestamps", "true"},
                           {"delta.enableRowTracking", "true"},
                           {"delta.enableDeletionVectors", "true"}};
    Transaction transaction = Transaction::create(store_, "/t", table);
    transaction.add(file("f"));
    transaction.commit({});
  }
  std::shared_ptr<const Snapshot> load() { return Snapshot::load(store_, nullptr, "/t"); }
  AddFile first_file() { return *load()->files().begin(); }
  Transaction start() { return Transaction::start(load()); }
  void append(const std::string& path) {
    Transaction transaction = start();
    transaction.add(file(path));
    transaction.commit({});
  }
  std::optional<VersionChecksum> read(std::int64_t version) {
    return read_version_checksum(*store_, "/t", version);
  }

  std::shared_ptr<Store> store_ = memory_store();
};

TEST_F(VersionChecksumTest, EveryCommitLeavesTheSumsOfItsVersion) {
  create();
  Transaction transaction = start();
  transaction.add(file("g", 7));
  transaction.set_transaction({"app", 5, 1});
  transaction.set_domain_metadata({"d", "1", false});
  transaction.commit({});
  Transaction removal = start();
  removal.replace_deletion_vector(first_file(), kVector);
  removal.set_domain_metadata({"d", "1", true});
  removal.commit({});
  const auto checksum = read(2);
  ASSERT_TRUE(checksum);
  EXPECT_EQ(checksum->num_files, 2);
  EXPECT_EQ(checksum->table_size_bytes, 17);
  EXPECT_EQ(checksum->deletion_vectors, 1);
  EXPECT_EQ(checksum->deleted_records, 6);
  EXPECT_EQ(checksum->txn_id->size(), 36U);
  EXPECT_TRUE(checksum->in_commit_timestamp);
  EXPECT_EQ(checksum->transactions->at("app").version, 5);
  EXPECT_EQ(checksum->domain_metadata->size(), 1U);
  EXPECT_EQ(row_id_high_water_mark("/t", *checksum->domain_metadata), 19);
  EXPECT_EQ(checksum->metadata, load()->metadata());
  EXPECT_EQ(checksum->protocol, load()->protocol());
  EXPECT_TRUE(verify_log(*load()).empty());
}

TEST_F(VersionChecksumTest, CountsWhatOthersCommittedMeanwhile) {
  create();
  Transaction late = start();
  late.add(file("late"));
  append("g");
  append("h");
  late.commit({});
  ASSERT_TRUE(read(3));
  EXPECT_EQ(read(3)->num_files, 4);
  EXPECT_EQ(row_id_high_water_mark("/t", *read(3)->domain_metadata), 39);
  EXPECT_TRUE(verify_log(*load()).empty());
}

TEST_F(VersionChecksumTest, IsLeftOutWhereTheSumsAreNotKnown) {
  create();
  store_->remove(checksum_path("/t", 0));
  append("g");
  EXPECT_FALSE(read(1));
  append("h");
  EXPECT_FALSE(read(2));
}

TEST_F(VersionChecksumTest, IsFoundAgainByWhoReadsTheFiles) {
  create();
  store_->remove(checksum_path("/t", 0));
  append("g");
  Transaction removal = start();
  removal.remove(first_file());
  removal.commit({});
  ASSERT_TRUE(read(2));
  EXPECT_FALSE(read(2)->transactions);
  EXPECT_TRUE(verify_log(*load()).empty());
  append("h");
  EXPECT_TRUE(read(3));
  EXPECT_TRUE(verify_log(*load()).empty());
}

TEST_F(VersionChecksumTest, OfAnotherTableIsNotBuiltOn) {
  create();
  VersionChecksum other = *read(0);
  other.metadata.id = "other";
  store_->put(checksum_path("/t", 0), to_json(other));
  append("g");
  EXPECT_FALSE(read(1));
}

TEST_F(VersionChecksumTest, ListsTheFilesWhileTheyAreFew) {
  create();
  Transaction late = start();
  late.add(file("late"));
  append("g");
  late.commit({});
  Transaction removal = start();
  removal.replace_deletion_vector(first_file(), kVector);
  removal.commit({});
  ASSERT_TRUE(read(3)->all_files);
  EXPECT_EQ(read(3)->all_files->size(), 3U);
  // As a replay of the log has them, the row ids that were given at the commit included.
  for (const AddFile& logged : load()->files()) {
    AddFile expected = logged;
    expected.data_change = false;
    const AddFile listed = read(3)->all_files->at(listing_key(logged.path, logged.deletion_vector));
    EXPECT_EQ(to_json_line(listed), to_json_line(expected));
    EXPECT_TRUE(listed.base_row_id);
  }

  Transaction many = start();
  for (int i = 0; i < 48; ++i) many.add(file("many" + std::to_string(i)));
  many.commit({});
  EXPECT_EQ(read(4)->num_files, 51);
  EXPECT_FALSE(read(4)->all_files);
  append("one more");
  EXPECT_FALSE(read(5)->all_files);
  // Who removes files knows the others.
  Transaction overwrite = start();
  overwrite.remove_all();
  overwrite.add(file("new"));
  overwrite.commit({});
  ASSERT_TRUE(read(6)->all_files);
  EXPECT_EQ(read(6)->all_files->size(), 1U);
  EXPECT_EQ(load()->files().size(), 1U);
}

TEST_F(VersionChecksumTest, OfALargeCommitListsNothing) {
  create();
  Transaction many = start();
  for (int i = 0; i < 1001; ++i) many.add(file("many" + std::to_string(i)));
  many.commit({});
  EXPECT_EQ(read(1)->num_files, 1002);
  EXPECT_FALSE(read(1)->all_files);
  EXPECT_EQ(load()->files().size(), 1002U);
}

TEST_F(VersionChecksumTest, IsNeverOverwritten) {
  create();
  store_->put(checksum_path("/t", 1), "theirs");
  append("g");
  EXPECT_EQ(store_->read(checksum_path("/t", 1)), "theirs");
}

TEST_F(VersionChecksumTest, ThatCannotBeWrittenDoesNotFailTheCommit) {
  create();
  const auto faulty = std::make_shared<FaultyStore>(store_);
  Transaction transaction = Transaction::start(Snapshot::load(faulty, nullptr, "/t"));
  transaction.add(file("g"));
  faulty->fail_change(2, Fault::kNoSpace);
  const CommitResult result = transaction.commit({});
  EXPECT_EQ(result.version, 1);
  ASSERT_EQ(result.warnings.size(), 1U);
  EXPECT_TRUE(result.warnings[0].starts_with("no version checksum: ")) << result.warnings[0];
  EXPECT_EQ(load()->files().size(), 2U);
}

TEST_F(VersionChecksumTest, LeavesOutTransactionsThatExpire) {
  create();
  Transaction change = start();
  Metadata metadata = load()->metadata();
  metadata.configuration["delta.setTransactionRetentionDuration"] = "interval 1 day";
  change.update_metadata(metadata);
  change.commit({});
  ASSERT_TRUE(read(1));
  EXPECT_FALSE(read(1)->transactions);
}

TEST_F(VersionChecksumTest, FilesThatAreOnlyCommittedAnewMakeItUnknown) {
  create();
  Transaction again = start();
  AddFile same = first_file();
  same.tags["t"] = "u";
  again.add(same);
  again.set_data_change(false);
  again.commit({});
  EXPECT_FALSE(read(1));
  EXPECT_EQ(load()->files().size(), 1U);
}

class CheckedFiles : public VersionChecksumTest {
 protected:
  // Two files, one with a deletion vector; a transaction and a domain.
  void make() {
    create();
    append("g");
    Transaction removal = start();
    removal.replace_deletion_vector(first_file(), kVector);
    removal.set_transaction({"app", 7, 1});
    removal.commit({});
  }
  nlohmann::json checksum() {
    return nlohmann::json::parse(store_->read(checksum_path("/t", load()->version())));
  }
  // Nothing, or the error of who lists the files when this is the checksum.
  std::string code_with(const nlohmann::json& checksum) {
    store_->put(checksum_path("/t", load()->version()), checksum.dump());
    try {
      load()->files();
      return "";
    } catch (const base::Error& error) {
      message_ = error.message();
      return error.code();
    }
  }

  std::string message_;
};

TEST_F(CheckedFiles, AreThoseThatTheChecksumCounts) {
  make();
  EXPECT_EQ(load()->files().size(), 2U);
  for (const char* const sum :
       {"numFiles", "tableSizeBytes", "numDeletionVectorsOpt", "numDeletedRecordsOpt"}) {
    nlohmann::json changed = checksum();
    changed[sum] = changed[sum].get<int>() + 1;
    EXPECT_EQ(code_with(changed), "DELTA_CHECKSUM_MISMATCH") << sum;
    EXPECT_NE(message_.find("codeanatomy delta verify"), std::string::npos) << message_;
    changed[sum] = changed[sum].get<int>() - 1;
    EXPECT_EQ(code_with(changed), "") << message_;
  }
}

TEST_F(CheckedFiles, AreOfTheTableThatTheChecksumDescribes) {
  make();
  const nlohmann::json right = checksum();
  nlohmann::json changed = right;
  changed["metadata"]["configuration"]["delta.appendOnly"] = "true";
  EXPECT_EQ(code_with(changed), "DELTA_CHECKSUM_MISMATCH");
  changed = right;
  changed["protocol"]["writerFeatures"].push_back("clustering");
  EXPECT_EQ(code_with(changed), "DELTA_CHECKSUM_MISMATCH");
  changed = right;
  changed["setTransactions"][0]["version"] = 6;
  EXPECT_EQ(code_with(changed), "DELTA_CHECKSUM_MISMATCH");
  changed = right;
  changed["domainMetadata"][0]["configuration"] = "{}";
  EXPECT_EQ(code_with(changed), "DELTA_CHECKSUM_MISMATCH");
}

TEST_F(CheckedFiles, AreThoseThatTheChecksumLists) {
  make();
  const nlohmann::json right = checksum();
  ASSERT_EQ(right.at("allFiles").size(), 2U);
  const auto expect_fault = [&](const char* pointer, const nlohmann::json& value) {
    nlohmann::json changed = right;
    changed["allFiles"][1][nlohmann::json::json_pointer(pointer)] = value;
    EXPECT_EQ(code_with(changed), "DELTA_CHECKSUM_MISMATCH") << pointer;
  };
  expect_fault("/path", "other");
  expect_fault("/size", 11);
  expect_fault("/partitionValues", {{"p", "1"}});
  expect_fault("/baseRowId", 5);
  expect_fault("/deletionVector/cardinality", 7);
  expect_fault("/deletionVector/pathOrInlineDv", "other");
  nlohmann::json more = right;
  more["allFiles"].push_back({{"path", "more"},
                              {"partitionValues", nlohmann::json::object()},
                              {"size", 1},
                              {"modificationTime", 1},
                              {"dataChange", false}});
  EXPECT_EQ(code_with(more), "DELTA_CHECKSUM_MISMATCH");
  EXPECT_EQ(code_with(right), "") << message_;
}

TEST_F(CheckedFiles, HaveNoStatisticsThatTheChecksumTellsOtherwise) {
  make();
  nlohmann::json changed = checksum();
  changed["allFiles"][0]["stats"] = R"({"numRecords":10,"nullCount":{"a":3}})";
  EXPECT_EQ(code_with(changed), "") << message_;
  const auto snapshot = load();
  std::vector<std::string> with_statistics;
  for (const AddFile& file : snapshot->files()) {
    if (file.stats) with_statistics.push_back(file.path);
  }
  EXPECT_EQ(with_statistics, std::vector<std::string>{"g"});
  for (const AddFile& file : snapshot->files_as_logged()) EXPECT_TRUE(file.stats) << file.path;
}

TEST_F(CheckedFiles, NeedNoMoreThanTheChecksumTells) {
  make();
  nlohmann::json spelled = checksum();
  for (const char* const optional :
       {"numDeletionVectorsOpt", "numDeletedRecordsOpt", "setTransactions", "domainMetadata",
        "txnId", "inCommitTimestampOpt"}) {
    ASSERT_EQ(spelled.erase(optional), 1U) << optional;
  }
  auto& features = spelled["protocol"]["writerFeatures"];
  std::reverse(features.begin(), features.end());
  // Another writer's spelling of the same schema.
  const auto schema = nlohmann::json::parse(spelled["metadata"]["schemaString"].get<std::string>());
  spelled["metadata"]["schemaString"] = schema.dump(2);
  // Row ids left out, statistics spelled otherwise, a path escaped.
  for (nlohmann::json& file : spelled["allFiles"]) {
    file.erase("baseRowId");
    file["stats"] = nlohmann::json::parse(file["stats"].get<std::string>()).dump(2);
  }
  spelled["allFiles"][1]["path"] = "%67";
  EXPECT_EQ(code_with(spelled), "") << message_;
  for (const AddFile& file : load()->files()) EXPECT_TRUE(file.stats) << file.path;
  ASSERT_EQ(spelled.erase("allFiles"), 1U);
  EXPECT_EQ(code_with(spelled), "") << message_;
  // Transactions that have expired here or there.
  spelled["setTransactions"] = {{{"appId", "gone"}, {"version", 1}}};
  EXPECT_EQ(code_with(spelled), "") << message_;
}

TEST_F(CheckedFiles, AreThereWithoutAChecksumOrWithABrokenOne) {
  make();
  store_->put(checksum_path("/t", 2), "{");
  EXPECT_EQ(load()->files().size(), 2U);
  store_->remove(checksum_path("/t", 2));
  EXPECT_EQ(load()->files().size(), 2U);
}

TEST_F(CheckedFiles, OfAnotherStateAreShownToWhoLooksIntoIt) {
  make();
  nlohmann::json changed = checksum();
  changed["numFiles"] = 3;
  EXPECT_EQ(code_with(changed), "DELTA_CHECKSUM_MISMATCH");
  EXPECT_EQ(load()->files_as_logged().size(), 2U);
  EXPECT_EQ(load()->checksum_faults(),
            std::vector<std::string>{"the version checksum says 3 files, the log has 2"});
}

// Spark's sums of a table that it wrote are ours, too.
TEST(VersionChecksumsOfOthers, TellWhatIsReadHere) {
  const auto shared = base::shared_data_dir();
  if (!shared) GTEST_SKIP() << "no reference data";
  const fs::path table = *shared / "conformance/kernel/cdf-table-with-cdc-and-dvs/delta";
  const auto latest = Snapshot::load(local_store(), nullptr, table.string());
  int compared = 0;
  for (std::int64_t version = 0; version <= latest->version(); ++version) {
    if (!read_version_checksum(*latest->store(), latest->location(), version)) continue;
    const auto snapshot = Snapshot::load(local_store(), nullptr, table.string(), version);
    EXPECT_EQ(verify_log(*snapshot), std::vector<std::string>{}) << version;
    ++compared;
  }
  EXPECT_GT(compared, 20);
}

}  // namespace
}  // namespace delta
