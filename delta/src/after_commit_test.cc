// Checkpoints that commits leave.
#include "delta/src/after_commit.h"

#include <gtest/gtest.h>

#include "delta/testing/faulty_store.h"
#include "delta/testing/hand_made_log.h"
#include "delta/testing/json_parquet_engine.h"
#include "delta/transaction.h"

namespace delta {
namespace {

class AfterCommitTest : public testing::Test {
 protected:
  void create(const std::map<std::string, std::string>& properties = {}) {
    NewTable table;
    table.schema.fields.push_back({"a", DataType::primitive(TypeKind::kLong)});
    table.configuration = properties;
    Transaction::create(store_, "/t", table).commit({});
  }
  CommitResult append(const std::shared_ptr<ParquetEngine>& engine) {
    Transaction transaction = Transaction::start(Snapshot::load(store_, engine, "/t"));
    AddFile add;
    add.path = "f" + std::to_string(next_file_++);
    transaction.add(add);
    return transaction.commit({});
  }
  bool has_checkpoint(int version) const {
    const std::string digits = std::to_string(version);
    const std::string name = std::string(20 - digits.size(), '0') + digits + ".checkpoint.parquet";
    const auto files = store_->list("/t/_delta_log", name);
    return !files.empty() && files.front().path.ends_with(name);
  }

  int next_file_ = 0;
  std::shared_ptr<Store> store_ = memory_store();
  std::shared_ptr<ParquetEngine> engine_ = std::make_shared<JsonParquetEngine>(store_);
};

TEST_F(AfterCommitTest, EveryTenthVersionHasACheckpoint) {
  create();
  for (int version = 1; version <= 21; ++version) {
    EXPECT_TRUE(append(engine_).warnings.empty());
    EXPECT_EQ(has_checkpoint(version), version % 10 == 0) << version;
  }
  EXPECT_FALSE(has_checkpoint(0));
  EXPECT_EQ(Snapshot::load(store_, engine_, "/t")->files().size(), 21U);
}

TEST_F(AfterCommitTest, TheTableSaysHowOften) {
  create({{"delta.checkpointInterval", "3"}});
  for (int version = 1; version <= 7; ++version) {
    append(engine_);
    EXPECT_EQ(has_checkpoint(version), version % 3 == 0) << version;
  }
}

TEST_F(AfterCommitTest, ACheckpointNeedsAnEngine) {
  create({{"delta.checkpointInterval", "1"}});
  EXPECT_TRUE(append(nullptr).warnings.empty());
  EXPECT_FALSE(has_checkpoint(1));
}

TEST_F(AfterCommitTest, ACheckpointThatFailsDoesNotFailTheCommit) {
  create({{"delta.checkpointInterval", "1"}});
  const auto faulty = std::make_shared<FaultyStore>(store_);
  faulty->fail_change(1, Fault::kNoSpace);
  const CommitResult result = append(std::make_shared<JsonParquetEngine>(faulty));
  EXPECT_EQ(result.version, 1);
  ASSERT_EQ(result.warnings.size(), 1U);
  EXPECT_TRUE(result.warnings[0].starts_with("no checkpoint: ")) << result.warnings[0];
  EXPECT_FALSE(has_checkpoint(1));
  append(engine_);
  EXPECT_TRUE(has_checkpoint(2));
}

TEST_F(AfterCommitTest, AnIntervalThatIsNoneDoesNotFailTheCommit) {
  HandMadeLog log;  // such as no writer here makes one
  log.create({{"delta.checkpointInterval", "often"}});
  store_ = log.store();
  EXPECT_EQ(append(engine_).warnings.size(), 1U);
}

}  // namespace
}  // namespace delta
