#include "delta/checkpoint.h"

#include <gtest/gtest.h>

#include <sstream>

#include "base/error.h"
#include "delta/src/last_checkpoint.h"
#include "delta/src/table_property.h"
#include "delta/src/version_checksum.h"
#include "delta/testing/faulty_store.h"
#include "delta/testing/hand_made_log.h"
#include "delta/transaction.h"

namespace delta {
namespace {

using Paths = std::vector<std::string>;
using nlohmann::json;

std::vector<json> rows_of(const HandMadeLog& log, const std::string& path) {
  std::vector<json> rows;
  std::istringstream lines(log.store()->read(path));
  for (std::string line; std::getline(lines, line);) rows.push_back(json::parse(line));
  return rows;
}

// The row of `kind`, which must be there once.
json only(const std::vector<json>& rows, const std::string& kind) {
  json found;
  for (const json& row : rows) {
    if (!row.contains(kind)) continue;
    EXPECT_TRUE(found.is_null()) << kind;
    found = row.at(kind);
  }
  EXPECT_FALSE(found.is_null()) << kind;
  return found;
}

class CheckpointTest : public testing::Test {
 protected:
  CheckpointResult checkpoint(std::optional<std::int64_t> version = std::nullopt) {
    return write_checkpoint(*log_.load(version), {.clock = log_.clock()});
  }
  void remove_commits_up_to(std::int64_t version) {
    for (std::int64_t i = 0; i <= version; ++i) {
      log_.store()->remove(log_.log_path(log_name(i, ".json")));
    }
  }

  HandMadeLog log_;
};

TEST_F(CheckpointTest, LeavesTheChecksumThatItsVersionLacks) {
  log_.create();
  log_.commit({HandMadeLog::add("f1"), HandMadeLog::add("f2"), SetTransaction{"app", 7, 1}});
  log_.commit({HandMadeLog::remove("f1", HandMadeLog::kNow)});
  const auto snapshot = log_.load();
  const auto checksum = [&](std::int64_t version) {
    return read_version_checksum(*log_.store(), snapshot->location(), version);
  };
  EXPECT_FALSE(checksum(2));
  checkpoint();
  ASSERT_TRUE(checksum(2));
  EXPECT_EQ(checksum(2)->num_files, 1);
  EXPECT_EQ(checksum(2)->table_size_bytes, snapshot->files().begin()->size);
  EXPECT_EQ(checksum(2)->metadata, snapshot->metadata());
  EXPECT_EQ(checksum(2)->transactions->at("app").version, 7);
  Transaction append = Transaction::start(log_.load());
  append.add(HandMadeLog::add("f4"));
  append.commit({});
  ASSERT_TRUE(checksum(3));  // known without reading the table
  EXPECT_EQ(checksum(3)->num_files, 2);
}

TEST_F(CheckpointTest, StandsForTheCommitsBeforeIt) {
  log_.create({{"k", "v"}});
  log_.commit({HandMadeLog::add("f1"), HandMadeLog::add("f2")});
  log_.commit({HandMadeLog::remove("f1", HandMadeLog::kNow), HandMadeLog::add("f3")});
  const CheckpointResult result = checkpoint();
  EXPECT_TRUE(result.written);
  EXPECT_EQ(result.version, 2);
  EXPECT_EQ(result.live_files, 2);
  EXPECT_EQ(result.actions, 5);  // protocol, metaData, two adds, a tombstone
  remove_commits_up_to(2);
  EXPECT_EQ(log_.files(), (Paths{"f2", "f3"}));
  EXPECT_EQ(log_.load()->metadata().configuration.at("k"), "v");
  const json hint = json::parse(log_.store()->read(log_.log_path("_last_checkpoint")));
  EXPECT_EQ(hint.at("version"), 2);
  EXPECT_EQ(hint.at("size"), 5);
  EXPECT_EQ(hint.at("numOfAddFiles"), 2);
  EXPECT_EQ(hint.at("sizeInBytes"), result.bytes);
}

TEST_F(CheckpointTest, KeepsEveryFieldOfAFile) {
  AddFile file = HandMadeLog::add("p=1/f%20g");
  file.partition_values = {{"p", "1"}, {"q", std::nullopt}};
  file.stats = R"({"numRecords":3})";
  file.tags = {{"t", "u"}};
  file.deletion_vector = DeletionVectorDescriptor{"u", "ab^-aqEH.-t@S}K{vb[*k^", 4, 40, 2};
  file.base_row_id = 7;
  file.default_row_commit_version = 1;
  file.clustering_provider = "liquid";
  log_.create();
  log_.commit({file});
  checkpoint();
  remove_commits_up_to(1);
  file.data_change = false;
  EXPECT_EQ(to_json_line(*log_.load()->files().begin()), to_json_line(file));
}

TEST_F(CheckpointTest, OfATableWithoutFilesLosesNothing) {
  log_.create({}, {"domainMetadata"});
  log_.commit({SetTransaction{"app", 5, HandMadeLog::kNow}, DomainMetadata{"d", "{}", false}});
  checkpoint();
  remove_commits_up_to(1);
  EXPECT_TRUE(log_.files().empty());
  EXPECT_EQ(log_.load()->transaction_version("app"), 5);
  EXPECT_EQ(log_.load()->domain_metadata().count("d"), 1U);
  log_.commit({HandMadeLog::add("f1")});
  EXPECT_EQ(log_.files(), Paths{"f1"});
}

TEST_F(CheckpointTest, LeavesOutWhatIsNoPartOfTheState) {
  log_.create({}, {"domainMetadata"});
  log_.commit({DomainMetadata{"d", "{}", false}});
  log_.commit({DomainMetadata{"d", "{}", true}, AddCdcFile{"_change_data/c", {}, 1}});
  const CheckpointResult result = checkpoint();
  EXPECT_EQ(result.actions, 2);
}

TEST_F(CheckpointTest, KeepsTombstonesUntilTheyExpire) {
  log_.create({{"delta.deletedFileRetentionDuration", "interval 2 days"}});
  log_.commit({HandMadeLog::add("old"), HandMadeLog::add("new")});
  log_.commit({HandMadeLog::remove("old", HandMadeLog::kNow - 3 * kMsPerDay),
               HandMadeLog::remove("new", HandMadeLog::kNow - kMsPerDay)});
  const CheckpointResult first = checkpoint();
  EXPECT_EQ(only(rows_of(log_, first.path), "remove").at("path"), "new");
  // Through the next checkpoint, which is made from this one.
  log_.commit({HandMadeLog::add("f")});
  remove_commits_up_to(2);
  const CheckpointResult second = checkpoint();
  const json tombstone = only(rows_of(log_, second.path), "remove");
  EXPECT_EQ(tombstone.at("path"), "new");
  EXPECT_EQ(tombstone.at("deletionTimestamp"), HandMadeLog::kNow - kMsPerDay);
  EXPECT_EQ(tombstone.at("size"), 100);
  log_.set_now(HandMadeLog::kNow + 2 * kMsPerDay);
  log_.commit({});
  EXPECT_EQ(checkpoint().actions, 3);
}

TEST_F(CheckpointTest, DropsTransactionIdentifiersThatHaveExpired) {
  log_.create({{"delta.setTransactionRetentionDuration", "interval 1 day"}});
  log_.commit({SetTransaction{"old", 1, HandMadeLog::kNow - 2 * kMsPerDay},
               SetTransaction{"new", 2, HandMadeLog::kNow}, SetTransaction{"ageless", 3, {}}});
  const CheckpointResult result = checkpoint();
  EXPECT_EQ(only(rows_of(log_, result.path), "txn").at("appId"), "new");
}

TEST_F(CheckpointTest, HasStatisticsInTheFormsThatTheTableAsksFor) {
  log_.create({{"delta.checkpoint.writeStatsAsJson", "false"},
               {"delta.checkpoint.writeStatsAsStruct", "true"}},
              {}, {"p"});
  AddFile file = HandMadeLog::add("f");
  file.partition_values = {{"p", "x"}};
  file.stats = R"({"numRecords":3,"minValues":{"a":1},"maxValues":{"a":9},"nullCount":{"a":1}})";
  log_.commit({file, HandMadeLog::add("without")});
  const CheckpointResult result = checkpoint();
  json add;
  for (const json& row : rows_of(log_, result.path)) {
    if (row.contains("add") && row.at("add").at("path") == "f") add = row.at("add");
  }
  EXPECT_FALSE(add.contains("stats"));
  EXPECT_EQ(add.at("stats_parsed"), json::parse(R"({"numRecords":3,
      "minValues":{"a":1},"maxValues":{"a":9},"nullCount":{"a":1}})"));
  EXPECT_EQ(add.at("partitionValues_parsed"), json::parse(R"({"p":"x"})"));
}

TEST_F(CheckpointTest, ParsedStatisticsAreOfTheColumnsThatStatisticsAreKeptOf) {
  const DataType number = DataType::primitive(TypeKind::kLong);
  const Schema schema{
      {{"a", number},
       {"l", DataType::array_of(number, true)},
       {"s", DataType::struct_of({{"m", DataType::map_of(number, number, true)}, {"x", number}})},
       {"beyond", number}}};
  log_.create({}, {"deletionVectors"});
  Metadata metadata = log_.load()->metadata();
  metadata.schema_string = to_json(schema);
  metadata.configuration = {{"delta.checkpoint.writeStatsAsStruct", "true"},
                            {"delta.dataSkippingNumIndexedCols", "3"}};
  AddFile file = HandMadeLog::add("f");
  file.stats = R"({"numRecords":3,"minValues":{"a":1,"beyond":7},"maxValues":{"a":9},)"
               R"("nullCount":{"a":1,"l":2,"s":{"m":3,"x":4},"beyond":5},"tightBounds":false})";
  log_.commit({metadata, file});
  EXPECT_EQ(only(rows_of(log_, checkpoint().path), "add").at("stats_parsed"),
            json::parse(R"({"numRecords":3,"minValues":{"a":1},"maxValues":{"a":9},
                            "nullCount":{"a":1,"l":2,"s":{"m":3}},"tightBounds":false})"));
}

// Delta compares column names without regard to case (schema.h).
TEST_F(CheckpointTest, KnowsPartitionColumnsThatTheMetadataSpellsAnotherWay) {
  log_.create({{"delta.checkpoint.writeStatsAsStruct", "true"}}, {}, {"p"});
  Metadata metadata = log_.load()->metadata();
  metadata.partition_columns = {"P"};
  AddFile file = HandMadeLog::add("f");
  file.partition_values = {{"p", "x"}};
  log_.commit({metadata, file});
  const json add = only(rows_of(log_, checkpoint().path), "add");
  EXPECT_EQ(add.at("partitionValues_parsed"), json::parse(R"({"p":"x"})"));
}

TEST_F(CheckpointTest, ReadsItsOwnV2FormWithSidecars) {
  log_.create({{"delta.checkpointPolicy", "v2"}}, {"v2Checkpoint"});
  std::vector<Action> actions;
  for (int i = 0; i < 10; ++i) actions.emplace_back(HandMadeLog::add("f" + std::to_string(i)));
  log_.commit(actions);
  log_.commit({HandMadeLog::remove("f0", HandMadeLog::kNow)});
  const CheckpointResult result =
      write_checkpoint(*log_.load(), {.clock = log_.clock(), .actions_per_sidecar = 4});
  EXPECT_TRUE(result.path.ends_with(".json"));
  EXPECT_EQ(result.actions, 1 + 2 + 3 + 10);  // itself, the table's, sidecars, file actions
  const std::vector<json> rows = rows_of(log_, result.path);
  EXPECT_EQ(only(rows, "checkpointMetadata").at("version"), 2);
  remove_commits_up_to(2);
  EXPECT_EQ(log_.files().size(), 9U);
  log_.commit({HandMadeLog::remove("f1", HandMadeLog::kNow)});
  EXPECT_EQ(log_.files().size(), 8U);
}

TEST_F(CheckpointTest, IsClassicWhereThePolicyOrTheFeatureIsMissing) {
  log_.create({{"delta.checkpointPolicy", "v2"}});
  EXPECT_TRUE(checkpoint().path.ends_with(".checkpoint.parquet"));
}

TEST_F(CheckpointTest, IsWrittenOnce) {
  log_.create();
  EXPECT_TRUE(checkpoint().written);
  EXPECT_FALSE(checkpoint().written);
}

TEST_F(CheckpointTest, OfAnOlderVersionLeavesTheHintAtTheNewerOne) {
  log_.create();
  log_.commit({HandMadeLog::add("f")});
  checkpoint(1);
  checkpoint(0);
  EXPECT_EQ(hinted_checkpoint_version(*log_.store(), log_.location()), 1);
}

// Between another writer's look at the hint and its put, a newer checkpoint and its hint came.
TEST_F(CheckpointTest, RepairsAHintThatWentBackwards) {
  log_.create();
  log_.commit({HandMadeLog::add("f")});
  const auto old = log_.load(0);
  checkpoint(1);
  log_.store()->remove(log_.log_path("_last_checkpoint"));
  write_checkpoint(*old, {.clock = log_.clock()});
  EXPECT_EQ(hinted_checkpoint_version(*log_.store(), log_.location()), 1);
}

TEST_F(CheckpointTest, RefusesFeaturesThatItDoesNotKnow) {
  log_.create();
  log_.commit({Protocol{1, 7, std::nullopt, Paths{"somethingNew"}}});
  try {
    checkpoint();
    FAIL();
  } catch (const base::Error& error) {
    EXPECT_EQ(error.code(), "DELTA_UNSUPPORTED_FEATURE");
    EXPECT_EQ(error.details().at("feature"), "somethingNew");
  }
}

// Whatever happens at any change that a checkpoint makes, the table opens and takes commits, and
// the next checkpoint succeeds. (delta-rs 2258, 2643, 4433)
class CheckpointFaultTest : public testing::TestWithParam<std::tuple<bool, Fault>> {};

TEST_P(CheckpointFaultTest, LeavesTheTableWhole) {
  const auto [v2, fault] = GetParam();
  for (int change = 1;; ++change) {
    HandMadeLog log;
    const std::shared_ptr<Store> sound = log.store();
    if (v2) {
      log.create({{"delta.checkpointPolicy", "v2"}}, {"v2Checkpoint"});
    } else {
      log.create();
    }
    log.commit({HandMadeLog::add("f1"), HandMadeLog::add("f2")});
    const auto faulty = std::make_shared<FaultyStore>(sound);
    faulty->fail_change(change, fault);
    log.use_store(faulty);
    try {
      write_checkpoint(*log.load(), {.clock = log.clock(), .actions_per_sidecar = 1});
    } catch (const std::exception&) {  // base::Error or Crash
    }
    const bool struck = faulty->has_failed();
    log.use_store(sound);
    EXPECT_EQ(log.files(), (Paths{"f1", "f2"})) << "change " << change;
    log.commit({HandMadeLog::add("f3")});
    EXPECT_TRUE(write_checkpoint(*log.load(), {.clock = log.clock()}).written);
    EXPECT_EQ(log.files(), (Paths{"f1", "f2", "f3"})) << "change " << change;
    EXPECT_EQ(hinted_checkpoint_version(*sound, log.location()), 2);
    if (!struck) break;
  }
}

INSTANTIATE_TEST_SUITE_P(
    Faults, CheckpointFaultTest,
    testing::Combine(testing::Bool(),
                     testing::Values(Fault::kNoSpace, Fault::kIoError, Fault::kLostAnswer,
                                     Fault::kRepeated, Fault::kCrashBefore, Fault::kCrashAfter)));

// It is only a hint.
TEST_F(CheckpointTest, StandsWhenItCannotBeHintedAt) {
  for (const bool v2 : {false, true}) {
    HandMadeLog log;
    log.create(v2 ? HandMadeLog::Configuration{{"delta.checkpointPolicy", "v2"}}
                  : HandMadeLog::Configuration{},
               v2 ? Paths{"v2Checkpoint"} : Paths{});
    log.commit({HandMadeLog::add("f1")});
    const std::shared_ptr<Store> sound = log.store();
    const auto faulty = std::make_shared<FaultyStore>(sound);
    log.use_store(faulty);
    faulty->fail_change(v2 ? 4 : 3, Fault::kNoSpace);  // after sidecar, checkpoint, checksum
    const CheckpointResult result = write_checkpoint(*log.load(), {.clock = log.clock()});
    EXPECT_TRUE(faulty->has_failed());
    EXPECT_TRUE(result.written);
    ASSERT_EQ(result.warnings.size(), 1U);
    EXPECT_TRUE(result.warnings[0].starts_with("no hint at the checkpoint: "))
        << result.warnings[0];
    log.use_store(sound);
    EXPECT_FALSE(hinted_checkpoint_version(*sound, log.location()));
    for (std::int64_t i = 0; i <= 1; ++i) sound->remove(log.log_path(log_name(i, ".json")));
    EXPECT_EQ(log.files(), Paths{"f1"});
    // The next one makes up for it.
    EXPECT_FALSE(write_checkpoint(*log.load(), {.clock = log.clock()}).written);
    EXPECT_EQ(hinted_checkpoint_version(*sound, log.location()), 1);
  }
}

TEST_F(CheckpointTest, ThatIsBrokenIsReplaced) {
  log_.create();
  log_.commit({HandMadeLog::add("f1")});
  const std::string path = checkpoint().path;
  log_.store()->put(path, "no Parquet");
  const CheckpointResult result = checkpoint();
  EXPECT_TRUE(result.written);
  EXPECT_EQ(result.path, path);
  EXPECT_FALSE(checkpoint().written);
  remove_commits_up_to(1);
  EXPECT_EQ(log_.files(), Paths{"f1"});
}

TEST_F(CheckpointTest, WhoseSidecarIsGoneIsReplacedByOneOfAnotherName) {
  log_.create({{"delta.checkpointPolicy", "v2"}}, {"v2Checkpoint"});
  log_.commit({HandMadeLog::add("f1")});
  const std::string path = checkpoint().path;
  for (const FileStatus& sidecar : log_.store()->list(log_.log_path("_sidecars"), "")) {
    log_.store()->remove(sidecar.path);
  }
  const CheckpointResult result = checkpoint();
  EXPECT_TRUE(result.written);
  EXPECT_NE(result.path, path);
  EXPECT_THROW(log_.store()->read(path), base::Error);
  remove_commits_up_to(1);
  EXPECT_EQ(log_.files(), Paths{"f1"});
}

TEST_F(CheckpointTest, ThatNothingElseTellsOfIsNotReplaced) {
  log_.create();
  log_.commit({HandMadeLog::add("f1")});
  const auto snapshot = log_.load();
  const std::string path = checkpoint().path;
  remove_commits_up_to(1);
  log_.store()->put(path, "no Parquet");
  EXPECT_THROW(write_checkpoint(*snapshot), base::Error);
  EXPECT_EQ(log_.store()->read(path), "no Parquet");
}

TEST_F(CheckpointTest, IsMadeFromTheCommitsWhereAnEarlierOneIsBroken) {
  log_.create();
  log_.commit({HandMadeLog::add("f1")});
  log_.store()->put(checkpoint().path, "no Parquet");
  log_.commit({HandMadeLog::add("f2")});
  EXPECT_TRUE(checkpoint().written);
  remove_commits_up_to(2);
  EXPECT_EQ(log_.files(), (Paths{"f1", "f2"}));
}

}  // namespace
}  // namespace delta
