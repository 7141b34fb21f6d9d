// Commits on stores that fail: a version is there whole or not at all, and what the caller is told
// is so.
#include <gtest/gtest.h>

#include <filesystem>
#include <set>
#include <thread>

#include "base/error.h"
#include "base/uuid.h"
#include "delta/src/log_path.h"
#include "delta/testing/faulty_store.h"
#include "delta/transaction.h"

namespace delta {
namespace {

NewTable long_table() {
  NewTable table;
  table.schema.fields.push_back({"a", DataType::primitive(TypeKind::kLong)});
  return table;
}

AddFile file(const std::string& path) {
  AddFile add;
  add.path = path;
  return add;
}

class CommitFaultTest : public testing::Test {
 protected:
  void create() { Transaction::create(store_, "/t", long_table()).commit({}); }
  std::int64_t append(const std::string& name) {
    Transaction transaction = Transaction::start(Snapshot::load(faulty_, nullptr, "/t"));
    transaction.add(file(name));
    return transaction.commit({}).version;
  }
  std::set<std::string> paths() {
    const auto snapshot = Snapshot::load(store_, nullptr, "/t");
    std::set<std::string> names;
    for (const AddFile& add : snapshot->files()) names.insert(add.path);
    EXPECT_EQ(names.size(), snapshot->files().size());
    return names;
  }

  std::shared_ptr<Store> store_ = memory_store();
  std::shared_ptr<FaultyStore> faulty_ = std::make_shared<FaultyStore>(store_);
};

using Names = std::set<std::string>;

// Whether a commit that failed may be in the log, by what it throws.
bool may_be_there(Transaction& transaction) {
  try {
    transaction.commit({});
  } catch (const base::Error& error) {
    return may_have_committed(error);
  }
  ADD_FAILURE() << "it did not fail";
  return true;
}

TEST_F(CommitFaultTest, KnowsThatAFailedPutOfAFileIsNotInTheLog) {
  create();
  for (const Fault fault : {Fault::kNoSpace, Fault::kIoError, Fault::kDenied}) {
    Transaction transaction = Transaction::start(Snapshot::load(faulty_, nullptr, "/t"));
    faulty_->fail_change(1, fault);
    EXPECT_FALSE(may_be_there(transaction));
  }
}

TEST_F(CommitFaultTest, DoesNotKnowWhetherAFailedPutIsInALogThatCannotBeRead) {
  create();
  const auto reads = std::make_shared<FaultyStore>(store_);
  faulty_ = std::make_shared<FaultyStore>(reads);
  for (const Fault fault : {Fault::kLostAnswer, Fault::kRepeated}) {
    Transaction transaction = Transaction::start(Snapshot::load(faulty_, nullptr, "/t"));
    faulty_->fail_change(1, fault);
    reads->fail_read(2, Fault::kIoError);  // after the look whether the table is still there
    EXPECT_TRUE(may_be_there(transaction));
    EXPECT_TRUE(reads->has_failed());
  }
}

TEST_F(CommitFaultTest, KnowsThatWhatCannotLookForItsTableIsNotInTheLog) {
  create();
  Transaction transaction = Transaction::start(Snapshot::load(faulty_, nullptr, "/t"));
  faulty_->fail_read(1, Fault::kIoError);
  EXPECT_FALSE(may_be_there(transaction));
  EXPECT_EQ(Snapshot::load(store_, nullptr, "/t")->version(), 0);
}

TEST_F(CommitFaultTest, DoesNotKnowWhetherAFailedPutComesToBeInABucket) {
  Transaction transaction = Transaction::create(faulty_, "s3://bucket/t", long_table());
  faulty_->fail_change(1, Fault::kIoError);
  EXPECT_TRUE(may_be_there(transaction));
}

TEST_F(CommitFaultTest, TellsAFailedPut) {
  create();
  for (const Fault fault : {Fault::kNoSpace, Fault::kIoError, Fault::kDenied}) {
    faulty_->fail_change(1, fault);
    EXPECT_THROW(append("f"), base::Error);
    EXPECT_TRUE(faulty_->has_failed());
    EXPECT_EQ(paths(), Names{});
  }
  EXPECT_EQ(append("f"), 1);
  EXPECT_EQ(paths(), Names{"f"});
}

TEST_F(CommitFaultTest, FindsOutThatAPutWithoutAnAnswerWasMade) {
  create();
  faulty_->fail_change(1, Fault::kLostAnswer);
  EXPECT_EQ(append("f"), 1);
  EXPECT_EQ(paths(), Names{"f"});
}

TEST_F(CommitFaultTest, KnowsItsOwnCommitWhenTheStoreHasMadeItTwice) {
  create();
  faulty_->fail_change(1, Fault::kRepeated);
  EXPECT_EQ(append("f"), 1);
  EXPECT_EQ(append("g"), 2);
  EXPECT_EQ(paths(), (Names{"f", "g"}));
}

TEST_F(CommitFaultTest, LeavesTheOldOrTheNewVersionAtEveryCrashPoint) {
  create();
  Names expected;
  for (const Fault fault : {Fault::kCrashBefore, Fault::kCrashAfter}) {
    for (int point = 1;; ++point) {
      faulty_ = std::make_shared<FaultyStore>(store_);
      faulty_->fail_change(point, fault);
      const std::string name = "f" + std::to_string(expected.size()) + std::to_string(point);
      const Names before = paths();
      try {
        append(name);
      } catch (const Crash&) {
      }
      Names after = before;
      after.insert(name);
      const Names found = paths();
      EXPECT_TRUE(found == before || found == after);
      expected = found;
      if (!faulty_->has_failed()) break;
      faulty_ = std::make_shared<FaultyStore>(store_);
      append("next");
      Transaction undo = Transaction::start(Snapshot::load(store_, nullptr, "/t"));
      undo.remove(file("next"));
      undo.commit({});
    }
  }
}

TEST_F(CommitFaultTest, TellsReadFaultsOfTheSnapshot) {
  create();
  append("f");
  for (int point = 1; point <= 6; ++point) {
    faulty_->fail_read(point, Fault::kIoError);
    try {
      const auto snapshot = Snapshot::load(faulty_, nullptr, "/t");
      EXPECT_EQ(snapshot->files().size(), 1u);
    } catch (const base::Error& error) {
      EXPECT_EQ(error.code(), "DELTA_STORE_IO_ERROR");
    }
  }
}

// Threads here; several processes meet in the same way, by link(2).
TEST(ConcurrentCommitTest, LosesAndDoublesNothing) {
  const std::string root =
      (std::filesystem::temp_directory_path() / ("commits-" + base::random_uuid())).string();
  const auto store = local_store();
  Transaction::create(store, root, long_table()).commit({});
  constexpr int kWriters = 4;
  constexpr int kCommits = 25;
  std::vector<std::thread> writers;
  for (int writer = 0; writer < kWriters; ++writer) {
    writers.emplace_back([&, writer] {
      for (int i = 0; i < kCommits; ++i) {
        Transaction transaction = Transaction::start(Snapshot::load(store, nullptr, root));
        transaction.add(file("f" + std::to_string(writer) + "-" + std::to_string(i)));
        CommitOptions options;
        options.max_retries = 1000;
        transaction.commit(options);
      }
    });
  }
  for (std::thread& writer : writers) writer.join();
  const auto snapshot = Snapshot::load(store, nullptr, root);
  EXPECT_EQ(snapshot->version(), kWriters * kCommits);
  EXPECT_EQ(snapshot->files().size(), static_cast<std::size_t>(kWriters * kCommits));
  for (const auto& entry : std::filesystem::directory_iterator(root + "/_delta_log")) {
    const std::string name = entry.path().filename().string();
    EXPECT_TRUE(parse_log_file_name(name) || checksum_version(name)) << name;
  }
  std::filesystem::remove_all(root);
}

TEST_F(CommitFaultTest, GivesUpAfterTheRetriesAllowed) {
  create();
  const auto base = Snapshot::load(store_, nullptr, "/t");
  append("f");
  Transaction transaction = Transaction::start(base);
  transaction.add(file("g"));
  CommitOptions options;
  options.max_retries = 0;
  try {
    transaction.commit(options);
    FAIL();
  } catch (const base::Error& error) {
    EXPECT_EQ(error.code(), "DELTA_COMMIT_CONFLICT");
  }
  EXPECT_EQ(paths(), Names{"f"});
}

}  // namespace
}  // namespace delta
