#include "delta/identity_columns.h"

#include <gtest/gtest.h>

#include <limits>
#include <set>
#include <thread>

#include "base/error.h"
#include "delta/transaction.h"

namespace delta {
namespace {

constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t kLeast = std::numeric_limits<std::int64_t>::min();

nlohmann::json identity(std::int64_t start, std::int64_t step, bool allows_explicit = false) {
  return {{"delta.identity.start", start},
          {"delta.identity.step", step},
          {"delta.identity.allowExplicitInsert", allows_explicit}};
}

StructField field(nlohmann::json metadata, TypeKind kind = TypeKind::kLong) {
  return {.name = "id", .type = DataType::primitive(kind), .metadata = std::move(metadata)};
}

std::string code(const StructField& column) {
  try {
    identity_column(column);
    return "";
  } catch (const base::Error& error) {
    return error.code();
  }
}

TEST(IdentityColumns, AreThoseThatSaySoInFull) {
  EXPECT_FALSE(identity_column(field(nlohmann::json::object())));
  nlohmann::json metadata = identity(5, -2, true);
  metadata["delta.identity.highWaterMark"] = kLeast;
  const auto column = identity_column(field(metadata));
  ASSERT_TRUE(column);
  EXPECT_EQ(column->start, 5);
  EXPECT_EQ(column->step, -2);
  EXPECT_EQ(column->high_water_mark, kLeast);
  EXPECT_TRUE(column->allows_explicit_values);
}

TEST(IdentityColumns, WhatMakesNoSenseIsRefused) {
  EXPECT_EQ(code(field(identity(1, 0))), "DELTA_SCHEMA_INVALID");
  EXPECT_EQ(code(field(identity(1, 1), TypeKind::kInteger)), "DELTA_SCHEMA_INVALID");
  for (const char* const key :
       {"delta.identity.start", "delta.identity.step", "delta.identity.allowExplicitInsert"}) {
    nlohmann::json metadata = identity(1, 1);
    metadata.erase(key);
    EXPECT_EQ(code(field(metadata)), "DELTA_SCHEMA_INVALID") << key;
    metadata[key] = "1";
    EXPECT_EQ(code(field(metadata)), "DELTA_SCHEMA_INVALID") << key;
  }
  nlohmann::json metadata = identity(1, 1);
  metadata["delta.identity.step"] = std::uint64_t{1} << 63U;
  EXPECT_EQ(code(field(metadata)), "DELTA_SCHEMA_INVALID");
}

TEST(IdentityValues, GoOnFromTheMarkByTheStep) {
  const auto first = [](std::int64_t start, std::int64_t step, std::optional<std::int64_t> mark) {
    return IdentityValues({.name = "id", .start = start, .step = step, .high_water_mark = mark})
        .take(1);
  };
  EXPECT_EQ(first(7, 3, std::nullopt), 7);
  EXPECT_EQ(first(7, 3, 10), 13);
  EXPECT_EQ(first(7, -3, 4), 1);
  EXPECT_EQ(first(7, 3, 11), 13);  // beside the steps
  EXPECT_EQ(first(7, -3, 3), 1);
  EXPECT_EQ(first(7, 3, 7), 10);
  EXPECT_EQ(first(7, 3, 6), 7);  // before the start
  EXPECT_EQ(first(7, 3, -100), 7);
  EXPECT_EQ(first(7, -3, 100), 7);
  EXPECT_EQ(first(kLeast, kMost, -1), kMost - 1);
}

TEST(IdentityValues, EndWithTheLastLong) {
  IdentityValues up({.name = "id", .start = kMost - 4, .step = 2, .high_water_mark = {}});
  EXPECT_EQ(up.last(), std::nullopt);
  EXPECT_EQ(up.take(0), kMost - 4);
  EXPECT_EQ(up.last(), std::nullopt);
  EXPECT_THROW(up.take(4), base::Error);
  EXPECT_EQ(up.take(3), kMost - 4);
  EXPECT_EQ(up.last(), kMost);
  try {
    up.take(1);
    FAIL();
  } catch (const base::Error& error) {
    EXPECT_EQ(error.code(), "DELTA_IDENTITY_OVERFLOW");
    EXPECT_EQ(error.details().at("column"), "id");
  }
  IdentityValues down({.name = "id", .start = 0, .step = kLeast, .high_water_mark = {}});
  EXPECT_EQ(down.take(2), 0);
  EXPECT_EQ(down.last(), kLeast);
  EXPECT_THROW(down.take(1), base::Error);
}

TEST(IdentityValues, AreGivenToOneThreadEach) {
  IdentityValues values({.name = "id", .start = 10, .step = -5, .high_water_mark = {}});
  std::vector<std::vector<std::int64_t>> taken(4);
  std::vector<std::thread> threads;
  for (auto& mine : taken) {
    threads.emplace_back([&] {
      for (int i = 0; i < 1000; ++i) mine.push_back(values.take(3));
    });
  }
  for (std::thread& thread : threads) thread.join();
  std::set<std::int64_t> firsts;
  for (const auto& mine : taken) firsts.insert(mine.begin(), mine.end());
  EXPECT_EQ(firsts.size(), 4000U);
  EXPECT_EQ(values.last(), 10 - 5 * (12000 - 1));
}

class IdentityTransactionTest : public testing::Test {
 protected:
  IdentityTransactionTest() {
    NewTable table;
    table.schema.fields = {field(identity(1, 1)), {"text", DataType::primitive(TypeKind::kString)}};
    Transaction::create(store_, "/t", table, kRowRules).commit({});
  }

  std::shared_ptr<const Snapshot> snapshot() { return Snapshot::load(store_, nullptr, "/t"); }
  Transaction start() { return Transaction::start(snapshot(), kRowRules); }

  static AddFile file(const std::string& path) {
    AddFile add;
    add.path = path;
    add.size = 1;
    return add;
  }
  static Transaction& generate(Transaction& transaction, std::int64_t last) {
    transaction.add(file("to-" + std::to_string(last)));
    transaction.set_high_water_marks({{"id", last}});
    return transaction;
  }
  std::optional<std::int64_t> mark() {
    return identity_columns(snapshot()->schema()).at(0).high_water_mark;
  }
  static std::string conflict_of(Transaction& transaction) {
    try {
      transaction.commit({});
      return "";
    } catch (const base::Error& error) {
      return error.details().at("conflict");
    }
  }

  static constexpr WriterCapabilities kRowRules{.row_rules = true};
  std::shared_ptr<Store> store_ = memory_store();
};

TEST_F(IdentityTransactionTest, TheMarkIsRaisedWithTheFiles) {
  EXPECT_EQ(mark(), std::nullopt);
  Transaction first = start();
  generate(first, 3).commit({});
  EXPECT_EQ(mark(), 3);
  EXPECT_EQ(snapshot()->files().size(), 1U);
  EXPECT_NE(store_->read("/t/_delta_log/00000000000000000001.json")
                .find(R"("tags":{"delta.identity.schemaUpdate":"true"})"),
            std::string::npos);
  Transaction lower = start();
  generate(lower, 2).commit({});
  EXPECT_EQ(mark(), 3);
}

TEST_F(IdentityTransactionTest, OfTwoThatGenerateOneSucceeds) {
  Transaction mine = start();
  Transaction other = start();
  generate(other, 3).commit({});
  EXPECT_EQ(conflict_of(generate(mine, 5)), "MetadataChanged");
  EXPECT_EQ(mark(), 3);
}

TEST_F(IdentityTransactionTest, CommitsThatGenerateNothingFollowThoseThatDo) {
  Transaction mine = start();
  mine.add(file("mine"));
  for (const std::int64_t last : {3, 5}) {
    Transaction other = start();
    generate(other, last).commit({});
  }
  EXPECT_EQ(conflict_of(mine), "");
  EXPECT_EQ(snapshot()->files().size(), 3U);
  EXPECT_EQ(mark(), 5);
  // The version's checksum has the table's metadata, not that which the commit started from.
  EXPECT_NE(store_->read("/t/_delta_log/00000000000000000003.crc")
                .find(R"(\"delta.identity.highWaterMark\":5)"),
            std::string::npos);
}

TEST_F(IdentityTransactionTest, OtherChangesOfTheMetadataStillConflict) {
  Transaction mine = start();
  mine.add(file("mine"));
  Transaction other = start();
  Metadata metadata = other.metadata();
  metadata.configuration["k"] = "v";
  other.update_metadata(metadata);
  generate(other, 3).commit({});
  EXPECT_EQ(conflict_of(mine), "MetadataChanged");
}

TEST_F(IdentityTransactionTest, AnIdentityColumnCannotPartitionATable) {
  NewTable table;
  table.schema.fields = {field(identity(1, 1)), {"text", DataType::primitive(TypeKind::kString)}};
  table.partition_columns = {"id"};
  try {
    Transaction::create(store_, "/other", table, kRowRules);
    FAIL();
  } catch (const base::Error& error) {
    EXPECT_EQ(error.code(), "DELTA_SCHEMA_INVALID");
  }
}

}  // namespace
}  // namespace delta
