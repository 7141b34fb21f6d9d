// A writer that is killed at any change of the store leaves the old version or the new one, and
// the next writer goes on from there.
#include <gtest/gtest.h>

#include <filesystem>
#include <set>

#include "base/uuid.h"
#include "delta/src/log_path.h"
#include "delta/testing/crash_points.h"
#include "delta/transaction.h"

namespace delta {
namespace {

namespace fs = std::filesystem;

using Names = std::set<std::string>;
using Stores = std::shared_ptr<Store>;

AddFile file(const std::string& path) {
  AddFile add;
  add.path = path;
  add.size = 1;
  return add;
}

class CrashPointTest : public testing::TestWithParam<bool> {
 protected:
  void SetUp() override {
    root_ = (fs::temp_directory_path() / ("crash-" + base::random_uuid())).string();
  }
  void TearDown() override { fs::remove_all(root_); }

  // Each store of its own has the table at a place of its own.
  std::function<Stores()> make_store() {
    return [this] {
      location_ = root_ + "/" + base::random_uuid();
      return GetParam() ? local_store() : memory_store();
    };
  }

  void create(const Stores& store) const {
    NewTable table;
    table.schema.fields.push_back({"a", DataType::primitive(TypeKind::kLong)});
    table.configuration["delta.enableInCommitTimestamps"] = "true";
    Transaction::create(store, location_, table).commit({});
  }
  std::shared_ptr<const Snapshot> load(const Stores& store) const {
    return Snapshot::load(store, nullptr, location_);
  }
  void append(const Stores& store, const std::string& name) const {
    Transaction transaction = Transaction::start(load(store));
    transaction.add(file(name));
    transaction.set_transaction({"writer", 1, std::nullopt});
    transaction.commit({});
  }
  void overwrite(const Stores& store, const std::string& name) const {
    Transaction transaction = Transaction::start(load(store));
    transaction.remove_all();
    transaction.add(file(name));
    transaction.commit({});
  }
  Names paths(const Stores& store) const {
    Names names;
    const auto snapshot = load(store);
    for (const AddFile& add : snapshot->files()) names.insert(add.path);
    EXPECT_EQ(names.size(), snapshot->files().size()) << "a file is there twice";
    return names;
  }

  // The old or the new files are there; a further append adds one version and one file to them.
  void expect_one_of(const Stores& store, const std::string& point, const Names& before,
                     const Names& after) const {
    const auto old = load(store);
    const Names found = paths(store);
    EXPECT_TRUE(found == before || found == after) << point;
    EXPECT_EQ(old->version() % 2 == 0, found == before) << point;
    append(store, "next");
    Names expected = found;
    expected.insert("next");
    EXPECT_EQ(paths(store), expected) << point;
    EXPECT_EQ(load(store)->version(), old->version() + 1) << point;
    for (const FileStatus& status : store->list(log_folder(location_), "")) {
      const std::string name = status.path.substr(status.path.rfind('/') + 1);
      EXPECT_TRUE(parse_log_file_name(name) || checksum_version(name)) << point << " left " << name;
    }
  }

  std::string root_;
  std::string location_;
};

INSTANTIATE_TEST_SUITE_P(Stores, CrashPointTest, testing::Values(true, false),
                         [](const auto& info) { return info.param ? "Local" : "Memory"; });

TEST_P(CrashPointTest, ATableIsCreatedOrNot) {
  const int changes = run_at_every_crash_point(
      make_store(), {.prepare = [](const Stores&) {},
                     .change = [&](const Stores& store) { create(store); },
                     .check =
                         [&](const Stores& store, const std::string& point) {
                           const bool exists = Snapshot::exists(*store, location_);
                           EXPECT_EQ(exists, point != "before change 1") << point;
                           if (!exists) create(store);
                           append(store, "next");
                           EXPECT_EQ(paths(store), Names{"next"}) << point;
                         }});
  EXPECT_EQ(changes, 2);  // the commit and its checksum
}

TEST_P(CrashPointTest, AnAppendIsThereOrNot) {
  const int changes = run_at_every_crash_point(
      make_store(),
      {.prepare = [&](const Stores& store) { create(store); },
       .change = [&](const Stores& store) { append(store, "new"); },
       .check = [&](const Stores& store,
                    const std::string& point) { expect_one_of(store, point, {}, {"new"}); }});
  EXPECT_GE(changes, 1);
}

TEST_P(CrashPointTest, AnOverwriteIsThereOrNot) {
  const int changes = run_at_every_crash_point(
      make_store(), {.prepare =
                         [&](const Stores& store) {
                           create(store);
                           append(store, "a");
                           append(store, "b");
                         },
                     .change = [&](const Stores& store) { overwrite(store, "new"); },
                     .check =
                         [&](const Stores& store, const std::string& point) {
                           expect_one_of(store, point, {"a", "b"}, {"new"});
                         }});
  EXPECT_GE(changes, 1);
}

// What a put leaves when it is killed before its file has its name.
TEST(KilledPutTest, LeavesAFileThatNoReaderTakesForACommit) {
  const std::string root = (fs::temp_directory_path() / ("killed-" + base::random_uuid())).string();
  const auto store = local_store();
  NewTable table;
  table.schema.fields.push_back({"a", DataType::primitive(TypeKind::kLong)});
  Transaction::create(store, root, table).commit({});
  const std::string commit = "." + version_digits(1) + ".json." + base::random_uuid() + ".tmp";
  store->put(log_folder(root) + "/" + commit, "{\"add\":");

  EXPECT_EQ(Snapshot::load(store, nullptr, root)->version(), 0);
  Transaction transaction = Transaction::start(Snapshot::load(store, nullptr, root));
  transaction.add(file("f"));
  EXPECT_EQ(transaction.commit({}).version, 1);
  EXPECT_EQ(Snapshot::load(store, nullptr, root)->files().size(), 1u);
  fs::remove_all(root);
}

}  // namespace
}  // namespace delta
