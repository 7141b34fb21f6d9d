#include "delta/log_verification.h"

#include <gtest/gtest.h>

#include "delta/log_compaction.h"
#include "delta/src/log_path.h"
#include "delta/transaction.h"

namespace delta {
namespace {

constexpr char kTable[] = "/t";

AddFile file(const std::string& path) {
  AddFile add;
  add.path = path;
  return add;
}

// Three versions with a file each.
std::shared_ptr<Store> table() {
  auto store = memory_store();
  NewTable definition;
  definition.schema.fields = {{"a", DataType::primitive(TypeKind::kLong)}};
  Transaction created = Transaction::create(store, kTable, definition);
  created.add(file("0"));
  created.commit({});
  for (const char* path : {"1", "2"}) {
    Transaction appended = Transaction::start(Snapshot::load(store, nullptr, kTable));
    appended.add(file(path));
    appended.commit({});
  }
  return store;
}

// The actions of versions 0 to 2 as they are, but for one file.
void compact_wrongly(Store& store) {
  std::string actions;
  for (int version = 0; version <= 2; ++version)
    actions += store.read(commit_path(kTable, version));
  const std::size_t at = actions.find(R"("path":"1")");
  ASSERT_NE(at, std::string::npos);
  actions.replace(at, 10, R"("path":"x")");
  store.put(
      log_folder(kTable) + "/" + version_digits(0) + "." + version_digits(2) + ".compacted.json",
      actions);
}

TEST(LogVerification, ASoundLogHasNoFaults) {
  EXPECT_TRUE(verify_log(*Snapshot::load(table(), nullptr, kTable)).empty());
}

TEST(LogVerification, AnotherStateThanTheCommitsIsAFault) {
  const auto store = table();
  compact_wrongly(*store);
  const auto faults = verify_log(*Snapshot::load(store, nullptr, kTable));
  ASSERT_EQ(faults.size(), 3U);
  EXPECT_EQ(faults[0], "the version checksum does not list 'x' as the log has it");
  EXPECT_NE(faults[1].find("lists 'x'"), std::string::npos) << faults[1];
  EXPECT_NE(faults[2].find("lacks '1'"), std::string::npos) << faults[2];
}

TEST(LogVerification, ACommitThatOnlyACompactionHoldsIsAFault) {
  const auto store = table();
  compact_log(*Snapshot::load(store, nullptr, kTable), 0);
  store->remove(commit_path(kTable, 1));
  const auto snapshot = Snapshot::load(store, nullptr, kTable);
  EXPECT_EQ(snapshot->files().size(), 3U);
  const auto faults = verify_log(*snapshot);
  ASSERT_EQ(faults.size(), 1U);
  EXPECT_TRUE(faults[0].starts_with("the commit of version 1 is missing")) << faults[0];
}

TEST(LogVerification, AChecksumThatTellsOtherwiseIsAFault) {
  const auto store = table();
  const std::string path = checksum_path(kTable, 2);
  std::string checksum = store->read(path);
  const std::size_t at = checksum.find(R"("numFiles":3)");
  ASSERT_NE(at, std::string::npos) << checksum;
  checksum.replace(at, 12, R"("numFiles":4)");
  const std::size_t id = checksum.find(R"("schemaString":")");
  checksum.insert(id, R"("name":"else",)");
  store->put(path, checksum);
  const auto faults = verify_log(*Snapshot::load(store, nullptr, kTable));
  ASSERT_EQ(faults.size(), 2U);
  EXPECT_EQ(faults[0], "the version checksum says 4 files, the log has 3");
  EXPECT_EQ(faults[1], "the version checksum has other metadata than the log");
}

TEST(LogVerification, AChecksumThatCannotBeReadSaysNothing) {
  const auto store = table();
  store->put(checksum_path(kTable, 2), "{");
  EXPECT_TRUE(verify_log(*Snapshot::load(store, nullptr, kTable)).empty());
}

}  // namespace
}  // namespace delta
