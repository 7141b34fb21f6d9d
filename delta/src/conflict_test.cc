// Which concurrent commits a transaction may follow.
#include "delta/src/conflict.h"

#include <gtest/gtest.h>

#include <functional>
#include <set>

#include "base/error.h"
#include "delta/testing/faulty_store.h"
#include "delta/transaction.h"

namespace delta {
namespace {

using Names = std::set<std::string>;

AddFile file(const std::string& path, const std::string& day = "1", std::int64_t least = 0) {
  AddFile add;
  add.path = path;
  add.size = 10;
  add.partition_values = {{"day", day}};
  add.stats = R"({"numRecords":10,"minValues":{"a":)" + std::to_string(least) +
              R"(},"maxValues":{"a":)" + std::to_string(least + 9) + R"(},"nullCount":{"a":0}})";
  return add;
}

Predicate equals(const std::string& column, Value value) {
  Predicate predicate;
  predicate.op = Predicate::Op::kEqual;
  predicate.column = {column};
  predicate.values = {std::move(value)};
  return predicate;
}

// A table with the files f (day 1, a from 0 to 9) and g (day 2, a from 100 to 109). Each test has
// one transaction start, another commit first, and then the first one commit.
class ConflictTest : public testing::Test {
 protected:
  void create(const std::map<std::string, std::string>& properties = {}) {
    NewTable table;
    table.schema.fields.push_back({"a", DataType::primitive(TypeKind::kLong)});
    table.schema.fields.push_back({"day", DataType::primitive(TypeKind::kInteger)});
    table.partition_columns = {"day"};
    table.configuration = properties;
    table.configuration["delta.enableDeletionVectors"] = "true";
    table.configuration["delta.feature.domainMetadata"] = "supported";
    Transaction transaction = Transaction::create(store_, "/t", table);
    transaction.add(f_);
    transaction.add(g_);
    transaction.commit({});
    base_ = Snapshot::load(store_, nullptr, "/t");
  }

  Transaction start() { return Transaction::start(base_); }
  void append(const AddFile& added) {
    Transaction transaction = start();
    transaction.add(added);
    transaction.commit({});
  }
  // Removes a file and adds another one, as a delete by copying does.
  void rewrite(const AddFile& from, const AddFile& to) {
    Transaction transaction = start();
    transaction.read_file(from);
    transaction.remove(from);
    transaction.add(to);
    transaction.commit({});
  }
  // The conflict's name; "" when there is none.
  std::string conflict_of(Transaction& transaction) {
    try {
      transaction.commit({});
      return "";
    } catch (const base::Error& error) {
      EXPECT_EQ(error.code(), "DELTA_COMMIT_CONFLICT");
      EXPECT_EQ(error.details().at("version"), "1");
      return error.details().at("conflict");
    }
  }
  Names paths() {
    const auto snapshot = Snapshot::load(store_, nullptr, "/t");
    Names names;
    for (const AddFile& add : snapshot->files()) names.insert(add.path);
    EXPECT_EQ(names.size(), snapshot->files().size());
    return names;
  }

  const AddFile f_ = file("f", "1", 0);
  const AddFile g_ = file("g", "2", 100);
  std::shared_ptr<Store> store_ = memory_store();
  std::shared_ptr<const Snapshot> base_;
};

TEST_F(ConflictTest, ABlindAppendFollowsEverythingThatOnlyConcernsData) {
  create();
  Transaction transaction = start();
  transaction.add(file("mine"));
  append(file("other"));
  rewrite(f_, file("rewritten"));
  Transaction overwrite = Transaction::start(Snapshot::load(store_, nullptr, "/t"));
  overwrite.remove_all();
  overwrite.commit({});
  EXPECT_EQ(conflict_of(transaction), "");
  EXPECT_EQ(paths(), Names{"mine"});
}

TEST_F(ConflictTest, AChangeOfMetadataConflictsWithEverything) {
  create();
  Transaction transaction = start();
  transaction.add(file("mine"));
  Transaction change = start();
  Metadata metadata = base_->metadata();
  metadata.configuration["k"] = "v";
  change.update_metadata(metadata);
  change.commit({});
  EXPECT_EQ(conflict_of(transaction), "MetadataChanged");
}

TEST_F(ConflictTest, AChangeOfProtocolConflictsWithEverything) {
  create();
  Transaction transaction = start();
  transaction.add(file("mine"));
  Transaction change = start();
  Metadata metadata = base_->metadata();
  metadata.configuration["delta.enableChangeDataFeed"] = "true";
  change.update_metadata(metadata);
  change.commit({});
  EXPECT_EQ(conflict_of(transaction), "ProtocolChanged");
}

TEST_F(ConflictTest, BlindAppendsOfOthersComeAfterAReadWhereTheTableAllowsIt) {
  create({{"delta.isolationLevel", "WriteSerializable"}});
  Transaction transaction = start();
  transaction.read_whole_table();
  transaction.add(file("mine"));
  append(file("other"));
  EXPECT_EQ(conflict_of(transaction), "");
  EXPECT_EQ(paths(), (Names{"f", "g", "mine", "other"}));
}

TEST_F(ConflictTest, OtherTablesCountBlindAppendsToo) {
  using Properties = std::map<std::string, std::string>;
  for (const Properties& properties :
       {Properties{}, Properties{{"delta.isolationLevel", "serializable"}}}) {
    store_ = memory_store();
    create(properties);
    Transaction transaction = start();
    transaction.read_whole_table();
    transaction.add(file("mine"));
    append(file("other"));
    EXPECT_EQ(conflict_of(transaction), "ConcurrentAppend");
    EXPECT_EQ(paths(), (Names{"f", "g", "other"}));
  }
}

TEST_F(ConflictTest, AnotherIsolationLevelIsRefused) {
  Metadata metadata;
  metadata.configuration["delta.isolationLevel"] = "Snapshot";
  try {
    isolation_level(metadata);
    FAIL();
  } catch (const base::Error& error) {
    EXPECT_EQ(error.code(), "DELTA_PROPERTY_INVALID");
  }
}

TEST_F(ConflictTest, AnOverwriteComesBeforeBlindAppendsWhereTheTableAllowsIt) {
  create({{"delta.isolationLevel", "WriteSerializable"}});
  Transaction transaction = start();
  transaction.remove_all();
  transaction.add(file("mine"));
  append(file("other"));
  EXPECT_EQ(conflict_of(transaction), "");
  EXPECT_EQ(paths(), (Names{"mine", "other"}));
}

TEST_F(ConflictTest, AnOverwriteShouldHaveReadRowsThatRestOnOthers) {
  create({{"delta.isolationLevel", "WriteSerializable"}});
  Transaction transaction = start();
  transaction.remove_all();
  Transaction other = start();
  other.read_whole_table();
  other.add(file("other"));
  other.commit({});
  EXPECT_EQ(conflict_of(transaction), "ConcurrentAppend");
}

TEST_F(ConflictTest, RowsInAPartitionThatWasReadConflict) {
  for (const auto& [day, expected] : {std::pair("1", "ConcurrentAppend"), std::pair("3", "")}) {
    store_ = memory_store();
    create();
    Transaction transaction = start();
    transaction.read_files(equals("day", std::int64_t{1}));
    transaction.remove(f_);
    append(file("other", day));
    EXPECT_EQ(conflict_of(transaction), expected) << day;
  }
}

TEST_F(ConflictTest, RowsThatStatisticsDoNotRuleOutConflict) {
  for (const auto& [least, expected] : {std::pair(0, "ConcurrentAppend"), std::pair(50, "")}) {
    store_ = memory_store();
    create();
    Transaction transaction = start();
    transaction.read_files(equals("a", std::int64_t{5}));
    transaction.remove(f_);
    append(file("other", "1", least));
    EXPECT_EQ(conflict_of(transaction), expected) << least;
  }
}

TEST_F(ConflictTest, AFileThatWasReadMayNotGo) {
  create();
  Transaction transaction = start();
  transaction.read_file(f_);
  transaction.add(file("mine"));
  rewrite(f_, file("rewritten"));
  EXPECT_EQ(conflict_of(transaction), "ConcurrentDeleteRead");
}

TEST_F(ConflictTest, AFileThatAPredicateReadMayNotGo) {
  create();
  Transaction transaction = start();
  transaction.read_files(equals("a", std::int64_t{105}));
  transaction.add(file("mine"));
  Transaction other = start();
  other.read_files(equals("a", std::int64_t{105}));
  other.remove(g_);
  other.commit({});
  EXPECT_EQ(conflict_of(transaction), "ConcurrentDeleteRead");
}

TEST_F(ConflictTest, AFileThatNoPredicateReadMayGo) {
  create();
  Transaction transaction = start();
  transaction.read_files(equals("a", std::int64_t{105}));
  transaction.remove(g_);
  rewrite(f_, file("rewritten", "1", 0));
  EXPECT_EQ(conflict_of(transaction), "");
  EXPECT_EQ(paths(), Names{"rewritten"});
}

TEST_F(ConflictTest, WhoReadTheWholeTableLosesToAnyRemoval) {
  create();
  Transaction transaction = start();
  transaction.read_whole_table();
  transaction.add(file("mine"));
  rewrite(f_, file("rewritten"));
  EXPECT_EQ(conflict_of(transaction), "ConcurrentDeleteRead");
}

TEST_F(ConflictTest, NobodyRemovesAFileTwice) {
  create();
  Transaction transaction = start();
  transaction.read_files(equals("day", std::int64_t{7}));
  transaction.remove(f_);
  rewrite(f_, file("rewritten"));
  EXPECT_EQ(conflict_of(transaction), "ConcurrentDeleteDelete");
}

TEST_F(ConflictTest, TwoDeletionVectorsOfOneFileConflict) {
  create();
  const DeletionVectorDescriptor vector{"i", "wi5b=000010000siXQKl0rr91000f55c8Xg0@@D72lkbi5=-{L",
                                        std::nullopt, 40, 6};
  Transaction transaction = start();
  transaction.read_files(equals("a", std::int64_t{3}));
  transaction.replace_deletion_vector(f_, vector);
  Transaction other = start();
  other.read_files(equals("a", std::int64_t{4}));
  other.replace_deletion_vector(f_, vector);
  other.commit({});
  EXPECT_EQ(conflict_of(transaction), "ConcurrentDeleteDelete");
}

TEST_F(ConflictTest, WhoRemovesWithoutSayingWhatWasReadHasReadEverything) {
  create();
  Transaction transaction = start();
  transaction.remove(g_);
  rewrite(f_, file("rewritten"));
  EXPECT_EQ(conflict_of(transaction), "ConcurrentDeleteRead");
}

TEST_F(ConflictTest, ArrangingFilesAnewFollowsAppendsOfAllKinds) {
  create();
  Transaction transaction = start();
  transaction.set_data_change(false);
  transaction.remove(f_);
  transaction.remove(g_);
  transaction.add(file("compacted"));
  Transaction other = start();
  other.read_whole_table();
  other.add(file("other"));
  other.commit({});
  EXPECT_EQ(conflict_of(transaction), "");
  EXPECT_EQ(paths(), (Names{"compacted", "other"}));
}

TEST_F(ConflictTest, ArrangingFilesAnewLosesToTheRemovalOfOne) {
  create();
  Transaction transaction = start();
  transaction.set_data_change(false);
  transaction.remove(f_);
  transaction.add(file("compacted"));
  rewrite(f_, file("rewritten"));
  EXPECT_EQ(conflict_of(transaction), "ConcurrentDeleteDelete");
}

TEST_F(ConflictTest, RowsThatWereOnlyMovedAreNotNew) {
  create();
  Transaction transaction = start();
  transaction.read_files(equals("a", std::int64_t{105}));
  transaction.remove(g_);
  Transaction compaction = start();
  compaction.set_data_change(false);
  compaction.remove(f_);
  AddFile compacted = file("compacted");
  compacted.stats = std::nullopt;
  compaction.add(compacted);
  compaction.commit({});
  EXPECT_EQ(conflict_of(transaction), "");
  EXPECT_EQ(paths(), Names{"compacted"});
}

TEST_F(ConflictTest, TheSameDomainConflicts) {
  create();
  Transaction transaction = start();
  transaction.set_domain_metadata({"mine", "1", false});
  Transaction unrelated = start();
  unrelated.set_domain_metadata({"theirs", "1", false});
  Transaction same = start();
  same.set_domain_metadata({"mine", "2", false});
  same.commit({});
  EXPECT_EQ(conflict_of(transaction), "ConcurrentDomainMetadata");
  EXPECT_EQ(conflict_of(unrelated), "");
}

TEST_F(ConflictTest, ALaterVersionOfATransactionConflicts) {
  create();
  const auto load = [&](std::int64_t version, const std::string& path) {
    Transaction transaction = start();
    transaction.add(file(path));
    transaction.set_transaction({"app", version, std::nullopt});
    return transaction;
  };
  Transaction second = load(2, "two");
  load(1, "one").commit({});
  EXPECT_EQ(conflict_of(second), "ConcurrentTransaction");
}

TEST_F(ConflictTest, ATransactionThatIsThereAlreadyIsNotCommittedAgain) {
  create();
  const auto load = [&](const std::string& path) {
    Transaction transaction = start();
    transaction.add(file(path));
    transaction.set_transaction({"app", 1, std::nullopt});
    return transaction;
  };
  Transaction again = load("again");
  append(file("other"));
  EXPECT_FALSE(load("once").commit({}).already_committed);
  const CommitResult result = again.commit({});
  EXPECT_TRUE(result.already_committed);
  EXPECT_EQ(result.version, 2);
  EXPECT_EQ(result.files_added, 0);
  EXPECT_EQ(paths(), (Names{"f", "g", "once", "other"}));
}

TEST_F(ConflictTest, ATableThatIsMadeMeanwhileIsNotMadeAgain) {
  const auto changes = std::make_shared<FaultyStore>(store_);
  NewTable table;
  table.schema.fields.push_back({"a", DataType::primitive(TypeKind::kLong)});
  changes->before_change(1, [&] { Transaction::create(store_, "/t", table).commit({}); });
  try {
    Transaction::create(changes, "/t", table).commit({});
    FAIL() << "a table was made over another";
  } catch (const base::Error& error) {
    EXPECT_EQ(error.code(), "DELTA_COMMIT_CONFLICT");
    EXPECT_EQ(error.details().at("conflict"), "TableCreated");
    EXPECT_EQ(error.details().at("version"), "0");
    EXPECT_FALSE(may_have_committed(error));
  }
}

TEST_F(ConflictTest, WhoLosesEveryRaceIsToldSoInTheEnd) {
  create();
  const auto changes = std::make_shared<FaultyStore>(store_);
  Transaction transaction = Transaction::start(Snapshot::load(changes, nullptr, "/t"));
  transaction.add(file("mine"));
  int winners = 0;
  const std::function<void()> lose = [&] {
    append(file("winner " + std::to_string(++winners)));
    changes->before_change(1, [&lose] { lose(); });
  };
  changes->before_change(1, [&lose] { lose(); });
  try {
    transaction.commit({.max_retries = 2});
    FAIL() << "each of its versions was taken";
  } catch (const base::Error& error) {
    EXPECT_EQ(error.code(), "DELTA_COMMIT_CONFLICT");
    EXPECT_EQ(error.details().at("conflict"), "RetriesExhausted");
    EXPECT_EQ(error.details().at("version"), "3");
    EXPECT_FALSE(may_have_committed(error));
  }
  EXPECT_EQ(winners, 3);
  EXPECT_EQ(paths(), (Names{"f", "g", "winner 1", "winner 2", "winner 3"}));
}

TEST_F(ConflictTest, ANewRuleRestsOnAllRows) {
  create();
  Transaction transaction = start();
  Metadata metadata = base_->metadata();
  metadata.schema_string =
      R"({"type":"struct","fields":[{"name":"a","type":"long","nullable":false,"metadata":{}},)"
      R"({"name":"day","type":"integer","nullable":true,"metadata":{}}]})";
  transaction.update_metadata(metadata);
  append(file("other"));
  EXPECT_EQ(conflict_of(transaction), "ConcurrentAppend");
}

// The versions of the table that takes the place of one, whose newest version was 1.
class ReplacedTableTest : public ConflictTest, public testing::WithParamInterface<int> {
 protected:
  // A file that is put later is younger.
  ReplacedTableTest() {
    store_ = memory_store([now = std::int64_t{1700000000000}]() mutable { return ++now; });
  }
  // A table of as many versions, none at all included.
  void replace_table(int versions) {
    for (const FileStatus& one : store_->list_tree("/t", [](std::string_view) { return true; })) {
      store_->remove(one.path);
    }
    if (versions == 0) return;
    create({{"another", "table"}});
    for (int version = 1; version < versions; ++version) append(file("new"));
    before_ = store_->list("/t/_delta_log", "");
  }
  void expect_refused(Transaction& transaction) {
    try {
      transaction.commit({});
      FAIL() << "a commit into another table";
    } catch (const base::Error& error) {
      EXPECT_EQ(error.code(), "DELTA_COMMIT_CONFLICT");
      EXPECT_EQ(error.details().at("conflict"), "TableReplaced");
      EXPECT_EQ(error.details().at("version"), "1");
      EXPECT_FALSE(may_have_committed(error));
    }
    EXPECT_EQ(store_->list("/t/_delta_log", "").size(), before_.size()) << "no file was put there";
  }

  std::vector<FileStatus> before_;
};

TEST_P(ReplacedTableTest, TakesNoCommitOfATransactionOnTheOldOne) {
  create();
  append(file("old"));
  base_ = Snapshot::load(store_, nullptr, "/t");
  Transaction transaction = start();
  transaction.add(file("mine"));
  replace_table(GetParam());
  expect_refused(transaction);
}

TEST_P(ReplacedTableTest, TakesNoCommitThatHasLostTheRaceForAVersionOfTheOldOne) {
  create();
  append(file("old"));
  base_ = Snapshot::load(store_, nullptr, "/t");
  const auto reads = std::make_shared<FaultyStore>(store_);
  const auto changes = std::make_shared<FaultyStore>(reads);
  Transaction transaction = Transaction::start(Snapshot::load(changes, nullptr, "/t"));
  transaction.add(file("mine"));
  changes->before_change(1, [&] {
    append(file("winner"));
    // Once it has read the winner, to find out whose it is and to hold itself against it.
    reads->before_read(3, [&] { replace_table(GetParam()); });
  });
  expect_refused(transaction);
}

INSTANTIATE_TEST_SUITE_P(Versions, ReplacedTableTest, testing::Values(0, 1, 2, 3, 5));

TEST_F(ConflictTest, APropertyRestsOnNoRows) {
  create();
  Transaction transaction = start();
  Metadata metadata = base_->metadata();
  metadata.configuration["k"] = "v";
  transaction.update_metadata(metadata);
  append(file("other"));
  rewrite(f_, file("rewritten"));
  EXPECT_EQ(conflict_of(transaction), "");
}

}  // namespace
}  // namespace delta
