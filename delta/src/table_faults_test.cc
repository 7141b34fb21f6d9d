// Operations that end at any change of the store, killed or failed: the table is at the old or the
// new version, nothing that was committed is lost, and the next writer goes on from there.
#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <set>

#include "base/error.h"
#include "base/time.h"
#include "base/uuid.h"
#include "delta/checkpoint.h"
#include "delta/deletion_vector.h"
#include "delta/deletion_vector_writer.h"
#include "delta/log_cleanup.h"
#include "delta/log_compaction.h"
#include "delta/log_verification.h"
#include "delta/src/table_property.h"
#include "delta/testing/crash_points.h"
#include "delta/testing/faulty_store.h"
#include "delta/testing/json_parquet_engine.h"
#include "delta/transaction.h"
#include "delta/vacuum.h"

namespace delta {
namespace {

namespace fs = std::filesystem;

using Stores = std::shared_ptr<Store>;
// The live files, each with how many of its rows are deleted.
using Files = std::map<std::string, std::int64_t>;

constexpr std::int64_t kRowsInFile = 10;
constexpr std::int64_t kLongEnough = 40 * kMsPerDay;

Clock in_the_future() {
  return [] { return base::now_ms() + kLongEnough; };
}

// One operation, and what the table is after it.
struct Operation {
  std::string name;
  std::string policy = "classic";  // of checkpoints
  bool on_checkpoint = false;      // the table has one already
  std::function<void(const Stores&, const std::string& location)> change;
  Files after;
  std::int64_t oldest_kept = 0;  // of the versions before it
};

std::shared_ptr<const Snapshot> load(const Stores& store, const std::string& location,
                                     std::optional<std::int64_t> version = std::nullopt) {
  return Snapshot::load(store, std::make_shared<JsonParquetEngine>(store), location, version);
}

AddFile put_file(Store& store, const std::string& location, const std::string& name) {
  store.put_if_absent(location + "/" + name, "rows");
  AddFile add;
  add.path = name;
  add.size = 4;
  add.stats = R"({"numRecords":)" + std::to_string(kRowsInFile) + "}";
  return add;
}

AddFile live(const Snapshot& snapshot, const std::string& path) {
  for (const AddFile& file : snapshot.files()) {
    if (file.path == path) return file;
  }
  throw std::runtime_error("no file " + path);
}

void append(const Stores& store, const std::string& location, const std::string& name) {
  Transaction transaction = Transaction::start(load(store, location));
  transaction.add(put_file(*store, location, name));
  transaction.commit({});
}

void delete_rows(const Stores& store, const std::string& location, const std::string& name,
                 const std::vector<std::uint64_t>& rows) {
  const auto base = load(store, location);
  Transaction transaction = Transaction::start(base);
  const AddFile file = live(*base, name);
  transaction.read_file(file);
  DeletionVectorWriter writer(store, location, 0);  // in a file of its own
  const DeletionVectorDescriptor vector = writer.add(DeletionVector::of(rows));
  writer.finish();
  transaction.replace_deletion_vector(file, vector);
  transaction.commit({});
}

void compact(const Stores& store, const std::string& location) {
  const auto base = load(store, location);
  Transaction transaction = Transaction::start(base);
  transaction.set_data_change(false);
  for (const AddFile& file : base->files()) transaction.remove(file);
  transaction.add(put_file(*store, location, "compacted"));
  transaction.commit({});
}

std::vector<Operation> operations() {
  const Files same = {{"b", 3}, {"c", 0}};
  Files more = same;
  more["new"] = 0;
  const auto checkpoint = [](const Stores& store, const std::string& location) {
    write_checkpoint(*load(store, location), {.actions_per_sidecar = 2});
  };
  return {
      {.name = "Append",
       .change = [](const Stores& store,
                    const std::string& location) { append(store, location, "new"); },
       .after = more},
      // The table asks for a checkpoint every 5 versions, and this one is the fifth.
      {.name = "AppendWithV2Checkpoint",
       .policy = "v2",
       .change = [](const Stores& store,
                    const std::string& location) { append(store, location, "new"); },
       .after = more},
      {.name = "DeleteRows",
       .change = [](const Stores& store,
                    const std::string& location) { delete_rows(store, location, "c", {1, 2}); },
       .after = {{"b", 3}, {"c", 2}}},
      {.name = "CompactFiles",
       .on_checkpoint = true,
       .change = compact,
       .after = {{"compacted", 0}}},
      {.name = "V1Checkpoint", .change = checkpoint, .after = same},
      {.name = "V2Checkpoint", .policy = "v2", .change = checkpoint, .after = same},
      {.name = "LogCompaction",
       .change = [](const Stores& store,
                    const std::string& location) { compact_log(*load(store, location), 1); },
       .after = same},
      {.name = "Vacuum",
       .on_checkpoint = true,
       .change =
           [](const Stores& store, const std::string& location) {
             vacuum(load(store, location), {.log_commits = true, .clock = in_the_future()});
           },
       .after = same},
      {.name = "LiteVacuum",
       .change =
           [](const Stores& store, const std::string& location) {
             vacuum(load(store, location), {.lite = true, .clock = in_the_future()});
           },
       .after = same},
      {.name = "LogCleanup",
       .policy = "v2",
       .on_checkpoint = true,
       .change =
           [](const Stores& store, const std::string& location) {
             clean_up_log(*load(store, location), {.clock = in_the_future()});
           },
       .after = same,
       .oldest_kept = 4},
  };
}

class TableFaultsTest : public testing::TestWithParam<std::tuple<bool, std::size_t>> {
 protected:
  void SetUp() override {
    root_ = (fs::temp_directory_path() / ("faults-" + base::random_uuid())).string();
  }
  void TearDown() override { fs::remove_all(root_); }

  const Operation& operation() const {
    static const std::vector<Operation> all = operations();
    return all.at(std::get<1>(GetParam()));
  }

  // Each store of its own has the table at a place of its own.
  Stores make_store() {
    location_ = root_ + "/" + base::random_uuid();
    return std::get<0>(GetParam()) ? local_store() : memory_store();
  }

  // Versions 0 to 4: a table that had a and has b, of which rows are deleted, and c.
  void prepare(const Stores& store) {
    NewTable table;
    table.schema.fields.push_back({"a", DataType::primitive(TypeKind::kLong)});
    table.configuration = {{"delta.enableDeletionVectors", "true"},
                           {"delta.enableRowTracking", "true"},
                           {"delta.feature.v2Checkpoint", "supported"},
                           {"delta.checkpointPolicy", operation().policy},
                           {"delta.checkpointInterval", "5"}};
    Transaction::create(store, location_, table).commit({});
    append(store, location_, "a");
    append(store, location_, "b");
    const auto base = load(store, location_);
    Transaction replace = Transaction::start(base);
    replace.remove(live(*base, "a"));
    replace.add(put_file(*store, location_, "c"));
    replace.set_transaction({"app", 7, std::nullopt});
    replace.commit({});
    delete_rows(store, location_, "b", {0, 4, 9});
    if (operation().on_checkpoint) write_checkpoint(*load(store, location_));
  }

  static Files files(const Snapshot& snapshot) {
    Files found;
    for (const AddFile& file : snapshot.files()) {
      const std::int64_t deleted = file.deletion_vector ? file.deletion_vector->cardinality : 0;
      EXPECT_TRUE(found.emplace(file.path, deleted).second) << file.path << " is there twice";
    }
    return found;
  }

  // What readers of the version open is there.
  static void expect_data(const Stores& store, const Snapshot& snapshot, const std::string& point) {
    for (const AddFile& file : snapshot.files()) {
      EXPECT_NO_THROW(store->read(snapshot.data_path(file))) << point << ": " << file.path;
      if (!file.deletion_vector) continue;
      EXPECT_NO_THROW(DeletionVector::read(*store, snapshot.location(), *file.deletion_vector))
          << point;
    }
  }

  // The table as `operation` found it or as it leaves it, and all that was committed before.
  void expect_whole(const Stores& store, const std::string& point) {
    SCOPED_TRACE(point);
    const std::vector<Files> history = {
        {}, {{"a", 0}}, {{"a", 0}, {"b", 0}}, {{"b", 0}, {"c", 0}}, {{"b", 3}, {"c", 0}}};
    const auto latest = load(store, location_);
    const Files found = files(*latest);
    EXPECT_TRUE(found == history.back() || found == operation().after);
    EXPECT_EQ(latest->transaction_version("app"), 7);
    EXPECT_EQ(verify_log(*latest), std::vector<std::string>{});
    expect_data(store, *latest, point);
    for (auto version = static_cast<std::size_t>(operation().oldest_kept); version < history.size();
         ++version) {
      const auto past = load(store, location_, static_cast<std::int64_t>(version));
      EXPECT_EQ(files(*past), history[version]) << version;
    }
    // The next writer, and the same operation once more.
    append(store, location_, "next");
    Files expected = found;
    expected["next"] = 0;
    EXPECT_EQ(files(*load(store, location_)), expected);
    EXPECT_EQ(load(store, location_)->version(), latest->version() + 1);
    if (operation().after == history.back()) {
      operation().change(store, location_);
      const auto again = load(store, location_);
      EXPECT_EQ(files(*again), expected);
      EXPECT_EQ(verify_log(*again), std::vector<std::string>{});
      expect_data(store, *again, point);
    }
  }

  std::string root_;
  std::string location_;
};

// Being killed is tried on local files too, where it leaves more behind.
class TableCrashTest : public TableFaultsTest {};

std::string name_of(const testing::TestParamInfo<std::tuple<bool, std::size_t>>& info) {
  return operations().at(std::get<1>(info.param)).name +
         (std::get<0>(info.param) ? "Local" : "Memory");
}

INSTANTIATE_TEST_SUITE_P(Stores, TableFaultsTest,
                         testing::Combine(testing::Values(false),
                                          testing::Range<std::size_t>(0, operations().size())),
                         name_of);
INSTANTIATE_TEST_SUITE_P(Stores, TableCrashTest,
                         testing::Combine(testing::Bool(),
                                          testing::Range<std::size_t>(0, operations().size())),
                         name_of);

TEST_P(TableCrashTest, SurvivesBeingKilledAnywhere) {
  const int changes = run_at_every_crash_point(
      [this] { return make_store(); },
      {.prepare = [this](const Stores& store) { prepare(store); },
       .change = [this](const Stores& store) { operation().change(store, location_); },
       .check = [this](const Stores& store,
                       const std::string& point) { expect_whole(store, point); }});
  EXPECT_GE(changes, 1);
}

// Says what the operation was told; "" when it went well.
std::string error_of(const std::function<void()>& action) {
  try {
    action();
    return "";
  } catch (const base::Error& error) {
    EXPECT_TRUE(error.details().contains("path")) << error.message();
    return error.code();
  }
}

TEST_P(TableFaultsTest, SurvivesAStoreThatFailsAnywhere) {
  const std::map<Fault, std::set<std::string>> told = {
      {Fault::kNoSpace, {"", "DELTA_STORE_NO_SPACE"}},
      {Fault::kIoError, {"", "DELTA_STORE_IO_ERROR"}},
      {Fault::kDenied, {"", "DELTA_STORE_PERMISSION_DENIED"}},
      {Fault::kLostAnswer, {"", "DELTA_STORE_IO_ERROR"}},
  };
  for (const auto& [fault, codes] : told) {
    for (int number = 1;; ++number) {
      const Stores store = make_store();
      prepare(store);
      const auto faulty = std::make_shared<FaultyStore>(store);
      faulty->fail_change(number, fault);
      const std::string code = error_of([&] { operation().change(faulty, location_); });
      const std::string point = "fault at change " + std::to_string(number) + ": " + code;
      EXPECT_TRUE(codes.contains(code)) << point;
      expect_whole(store, point);
      if (!faulty->has_failed()) break;
    }
  }
}

TEST_P(TableFaultsTest, SurvivesAStoreThatCannotBeReadAnywhere) {
  for (int number = 1;; ++number) {
    const Stores store = make_store();
    prepare(store);
    const auto faulty = std::make_shared<FaultyStore>(store);
    faulty->fail_read(number, Fault::kIoError);
    const std::string code = error_of([&] { operation().change(faulty, location_); });
    const std::string point = "fault at read " + std::to_string(number) + ": " + code;
    EXPECT_TRUE(code.empty() || code == "DELTA_STORE_IO_ERROR") << point;
    expect_whole(store, point);
    if (!faulty->has_failed()) break;
  }
}

}  // namespace
}  // namespace delta
