// Row ids and row commit versions that commits give to files.
#include "delta/src/row_ids.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "delta/transaction.h"

namespace delta {
namespace {

AddFile file(const std::string& path, std::int64_t rows) {
  AddFile add;
  add.path = path;
  add.stats = R"({"numRecords":)" + std::to_string(rows) + "}";
  return add;
}

class RowIdsTest : public testing::Test {
 protected:
  void create(const std::map<std::string, std::string>& properties) {
    NewTable table;
    table.schema.fields.push_back({"a", DataType::primitive(TypeKind::kLong)});
    table.configuration = properties;
    table.configuration["delta.enableDeletionVectors"] = "true";
    Transaction::create(store_, "/t", table).commit({});
  }
  std::shared_ptr<const Snapshot> load() { return Snapshot::load(store_, nullptr, "/t"); }
  Transaction start() { return Transaction::start(load()); }
  void append(const AddFile& add) {
    Transaction transaction = start();
    transaction.add(add);
    transaction.commit({});
  }
  AddFile live(const std::string& path) {
    const auto snapshot = load();
    for (const AddFile& add : snapshot->files()) {
      if (add.path == path) return add;
    }
    ADD_FAILURE() << path;
    return {};
  }
  std::string high_water_mark() {
    const auto snapshot = load();
    const auto domain = snapshot->domain_metadata().find(kRowTrackingDomain);
    return domain == snapshot->domain_metadata().end() ? "" : domain->second.configuration;
  }

  const std::map<std::string, std::string> tracked_ = {{"delta.enableRowTracking", "true"}};
  std::shared_ptr<Store> store_ = memory_store();
};

TEST_F(RowIdsTest, AFileHasTheIdsAfterThoseBeforeIt) {
  create(tracked_);
  const auto properties = load()->metadata().configuration;
  EXPECT_TRUE(
      properties.at("delta.rowTracking.materializedRowIdColumnName").starts_with("_row-id-col-"));
  EXPECT_TRUE(properties.at("delta.rowTracking.materializedRowCommitVersionColumnName")
                  .starts_with("_row-commit-version-col-"));
  EXPECT_EQ(high_water_mark(), "");
  Transaction transaction = start();
  transaction.add(file("f", 3));
  transaction.add(file("g", 5));
  transaction.commit({});
  append(file("h", 2));
  EXPECT_EQ(live("f").base_row_id, 0);
  EXPECT_EQ(live("g").base_row_id, 3);
  EXPECT_EQ(live("h").base_row_id, 8);
  EXPECT_EQ(live("g").default_row_commit_version, 1);
  EXPECT_EQ(live("h").default_row_commit_version, 2);
  EXPECT_EQ(high_water_mark(), R"({"rowIdHighWaterMark":9})");
}

TEST_F(RowIdsTest, ARetriedCommitTakesTheNextFreeIds) {
  create(tracked_);
  Transaction late = start();
  late.add(file("late", 4));
  append(file("f", 3));
  Transaction empty = start();
  empty.set_transaction({"app", 1, std::nullopt});
  empty.commit({});
  late.commit({});
  EXPECT_EQ(live("f").base_row_id, 0);
  EXPECT_EQ(live("late").base_row_id, 3);
  EXPECT_EQ(live("late").default_row_commit_version, 3);
  EXPECT_EQ(high_water_mark(), R"({"rowIdHighWaterMark":6})");
}

TEST_F(RowIdsTest, AFileThatLosesRowsKeepsItsIds) {
  create(tracked_);
  append(file("f", 3));
  append(file("g", 3));
  const DeletionVectorDescriptor vector{"i", "wi5b=000010000siXQKl0rr91000f55c8Xg0@@D72lkbi5=-{L",
                                        std::nullopt, 40, 2};
  Transaction transaction = start();
  transaction.replace_deletion_vector(live("f"), vector);
  AddFile stale = file("g", 3);  // that does not say its ids
  stale.deletion_vector = vector;
  transaction.remove(live("g"));
  transaction.add(stale);
  transaction.commit({});
  EXPECT_EQ(live("f").base_row_id, 0);
  EXPECT_EQ(live("f").default_row_commit_version, 1);
  EXPECT_EQ(live("f").stats, R"({"numRecords":3,"tightBounds":false})");
  EXPECT_EQ(live("f").deletion_vector, vector);
  EXPECT_EQ(live("g").base_row_id, 3);
  EXPECT_EQ(high_water_mark(), R"({"rowIdHighWaterMark":5})");
}

TEST_F(RowIdsTest, IdsAreNotGivenTwiceAfterAllFilesAreGone) {
  create(tracked_);
  append(file("f", 3));
  Transaction overwrite = start();
  overwrite.remove_all();
  overwrite.add(file("g", 1));
  overwrite.commit({});
  EXPECT_EQ(live("g").base_row_id, 3);
}

TEST_F(RowIdsTest, AFileOfUnknownLengthIsRefused) {
  create(tracked_);
  AddFile unknown;
  unknown.path = "f";
  try {
    append(unknown);
    FAIL();
  } catch (const base::Error& error) {
    EXPECT_EQ(error.code(), "DELTA_STATS_MISSING");
    EXPECT_EQ(error.details().at("file"), "f");
  }
}

TEST_F(RowIdsTest, FilesThatWereThereGetIdsWhenTrackingIsEnabled) {
  create({});
  append(file("f", 3));
  append(file("g", 2));
  Transaction enable = start();
  Metadata metadata = load()->metadata();
  metadata.configuration["delta.enableRowTracking"] = "true";
  enable.update_metadata(metadata);
  enable.commit({});
  EXPECT_TRUE(live("f").base_row_id.has_value());
  EXPECT_EQ(*live("f").base_row_id + *live("g").base_row_id, live("f").base_row_id == 0 ? 3 : 2);
  EXPECT_EQ(live("f").default_row_commit_version, 3);
  EXPECT_EQ(high_water_mark(), R"({"rowIdHighWaterMark":4})");
  EXPECT_EQ(load()->files().size(), 2U);
}

TEST_F(RowIdsTest, NoneAreGivenWhileTrackingIsSuspended) {
  create({{"delta.feature.rowTracking", "supported"}, {"delta.rowTrackingSuspended", "true"}});
  append(file("f", 3));
  EXPECT_FALSE(live("f").base_row_id.has_value());
  EXPECT_EQ(load()->metadata().configuration.count("delta.feature.rowTracking"), 0U);
}

TEST_F(RowIdsTest, ASupportedFeatureGivesIdsThoughItIsNotEnabled) {
  create({{"delta.feature.rowTracking", "supported"}});
  append(file("f", 3));
  EXPECT_EQ(live("f").base_row_id, 0);
}

TEST_F(RowIdsTest, TheHighWaterMarkIsNotTheCallersToSet) {
  create(tracked_);
  Transaction transaction = start();
  EXPECT_THROW(transaction.set_domain_metadata(row_id_domain(100)), base::Error);
}

TEST_F(RowIdsTest, ADomainThatSaysNothingIsCorrupt) {
  EXPECT_EQ(row_id_high_water_mark("/t", {}), -1);
  EXPECT_EQ(row_id_high_water_mark("/t", {{kRowTrackingDomain, row_id_domain(7)}}), 7);
  try {
    row_id_high_water_mark("/t", {{kRowTrackingDomain, {kRowTrackingDomain, "{}", false}}});
    FAIL() << "a domain without a high water mark was accepted";
  } catch (const base::Error& error) {
    EXPECT_EQ(error.code(), "DELTA_LOG_CORRUPT");
    EXPECT_NE(error.message().find("/t"), std::string::npos) << error.message();
  }
}

}  // namespace
}  // namespace delta
