#include "delta/vacuum.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <limits>

#include "base/error.h"
#include "base/uuid.h"
#include "delta/checkpoint.h"
#include "delta/deletion_vector.h"
#include "delta/src/table_property.h"
#include "delta/testing/faulty_store.h"
#include "delta/testing/hand_made_log.h"

namespace delta {
namespace {

using Paths = std::vector<std::string>;

// Data files are put where the log names them; the clock of store and vacuum is the test's.
class VacuumTest : public testing::Test {
 protected:
  void put(const std::string& path) { log_.store()->put(log_.location() + "/" + path, "12345"); }
  void pass_days(std::int64_t days) { log_.set_now(log_.now() + days * kMsPerDay); }
  VacuumReport vacuum_now(VacuumOptions options = {}) {
    options.clock = log_.clock();
    return vacuum(log_.load(), options);
  }
  Paths data_paths() {
    Paths paths = log_.all_paths();
    std::erase_if(paths, [](const std::string& path) { return path.starts_with("_delta_log/"); });
    return paths;
  }
  // A file that was removed now, and one that is live.
  void make_table(const HandMadeLog::Configuration& configuration = {}) {
    log_.create(configuration);
    put("gone");
    put("live");
    log_.commit({HandMadeLog::add("gone", 5), HandMadeLog::add("live", 5)});
    log_.commit({HandMadeLog::remove("gone", log_.now())});
  }

  HandMadeLog log_;
};

TEST_F(VacuumTest, RemovesFilesThatWereRemovedLongAgo) {
  make_table();
  put("never-committed");
  pass_days(8);
  const VacuumReport report = vacuum_now();
  EXPECT_EQ(report.files, (Paths{"/t/gone", "/t/never-committed"}));
  EXPECT_EQ(report.bytes, 10);
  EXPECT_EQ(report.retention_hours, 168);
  EXPECT_EQ(report.note, "");
  EXPECT_EQ(data_paths(), Paths{"live"});
}

TEST_F(VacuumTest, KeepsTombstonesWithinTheRetention) {
  make_table();
  pass_days(6);
  EXPECT_TRUE(vacuum_now().files.empty());
}

TEST_F(VacuumTest, LeavesFilesThatARunningWriterHasNotCommittedYet) {  // delta-rs 3645
  make_table();
  pass_days(8);
  put("uncommitted");
  vacuum_now();
  EXPECT_EQ(data_paths(), (Paths{"live", "uncommitted"}));
}

TEST_F(VacuumTest, NeverKeepsLessThan168Hours) {
  make_table({{"delta.deletedFileRetentionDuration", "interval 1 hours"}});
  pass_days(6);
  for (const std::optional<std::int64_t> hours :
       {std::optional<std::int64_t>(0), std::optional<std::int64_t>()}) {
    const VacuumReport report = vacuum_now({.retention_hours = hours});
    EXPECT_TRUE(report.files.empty());
    EXPECT_EQ(report.retention_hours, 168);
    EXPECT_NE(report.note.find("168 hours are kept"), std::string::npos);
  }
}

TEST_F(VacuumTest, KeepsMoreWhenAskedOrWhenTheTableSaysSo) {
  make_table({{"delta.deletedFileRetentionDuration", "interval 30 days"}});
  pass_days(20);
  EXPECT_TRUE(vacuum_now().files.empty());
  EXPECT_TRUE(vacuum_now({.retention_hours = 24 * 25}).files.empty());
  EXPECT_TRUE(
      vacuum_now({.retention_hours = std::numeric_limits<std::int64_t>::max()}).files.empty());
  EXPECT_EQ(vacuum_now({.retention_hours = 24 * 10}).files, Paths{"/t/gone"});
}

TEST_F(VacuumTest, TellsWhatItWouldRemove) {
  make_table();
  pass_days(8);
  EXPECT_EQ(vacuum_now({.dry_run = true}).files, Paths{"/t/gone"});
  EXPECT_EQ(data_paths(), (Paths{"gone", "live"}));
}

TEST_F(VacuumTest, KeepsDeletionVectorsOfLiveFiles) {
  log_.create({}, {"deletionVectors"});
  AddFile file = HandMadeLog::add("f");
  const DeletionVectorDescriptor live{"u", "ab^-aqEH.-t@S}K{vb[*k^", 1, 40, 2};
  file.deletion_vector = live;
  put("f");
  log_.store()->put(deletion_vector_path(log_.location(), live), "dv");
  put("deletion_vector_00000000-0000-0000-0000-000000000000.bin");
  log_.commit({file});
  pass_days(8);
  EXPECT_EQ(vacuum_now().files,
            Paths{"/t/deletion_vector_00000000-0000-0000-0000-000000000000.bin"});
  EXPECT_FALSE(log_.store()->read(deletion_vector_path(log_.location(), live)).empty());
}

TEST_F(VacuumTest, KeepsChangeDataOfCommitsWithinTheRetention) {
  log_.create();
  for (const char* path : {"_change_data/old", "_change_data/new"}) put(path);
  log_.commit({AddCdcFile{"_change_data/old", {}, 5}});
  pass_days(8);
  log_.commit({AddCdcFile{"_change_data/new", {}, 5}});  // written before, committed now
  EXPECT_EQ(vacuum_now().files, Paths{"/t/_change_data/old"});
}

TEST_F(VacuumTest, LeavesWhatIsHidden) {
  log_.create({}, {}, {"_p"});
  const Paths hidden = {"_other/f", ".cache/f", ".f", "_f", "a/_b/c"};
  for (const std::string& path : hidden) put(path);
  for (const char* path : {"_p=1/f", "_delta_index/f"}) put(path);
  pass_days(8);
  EXPECT_EQ(vacuum_now().files, (Paths{"/t/_delta_index/f", "/t/_p=1/f"}));
  Paths left = hidden;
  std::sort(left.begin(), left.end());
  EXPECT_EQ(data_paths(), left);
}

TEST_F(VacuumTest, KnowsFilesByWhateverPathTheLogHasForThem) {
  log_.create();
  for (const char* path : {"p=a b/f", "absolute", "uri x", "elsewhere"}) put(path);
  log_.commit({HandMadeLog::add("p=a%20b/f"), HandMadeLog::add("/t/absolute"),
               HandMadeLog::add("file:///t/uri%20x"), HandMadeLog::add("/other/elsewhere")});
  pass_days(8);
  EXPECT_EQ(vacuum_now().files, Paths{"/t/elsewhere"});
}

TEST_F(VacuumTest, TellsOfItselfInTheLogWhenTheTableAsks) {
  make_table({{"delta.vacuum.logging.enabled", "true"}});
  pass_days(8);
  vacuum_now();
  const std::string start = log_.store()->read(log_.log_path(log_name(3, ".json")));
  const std::string end = log_.store()->read(log_.log_path(log_name(4, ".json")));
  EXPECT_NE(start.find(R"("operation":"VACUUM START")"), std::string::npos) << start;
  EXPECT_NE(start.find(R"("numFilesToDelete":"1")"), std::string::npos) << start;
  EXPECT_NE(end.find(R"("operation":"VACUUM END")"), std::string::npos) << end;
  EXPECT_EQ(log_.files(), Paths{"live"});
}

TEST_F(VacuumTest, TellsInTheLogThatItFailed) {
  using Break = std::function<void(FaultyStore&, VacuumOptions&)>;
  std::stop_source stopped;
  const std::vector<std::pair<std::string, Break>> breaks = {
      {"DELTA_STORE_IO_ERROR",
       [](FaultyStore& store, VacuumOptions&) { store.fail_change(2, Fault::kIoError); }},
      {"INTERRUPTED", [&](FaultyStore& store, VacuumOptions& options) {
         options.stop = stopped.get_token();
         store.before_change(1, [&] { stopped.request_stop(); });  // VACUUM START
       }}};
  for (const auto& [code, make_fail] : breaks) {
    log_ = HandMadeLog();
    make_table({{"delta.vacuum.logging.enabled", "true"}});
    pass_days(8);
    const std::shared_ptr<Store> sound = log_.store();
    const auto faulty = std::make_shared<FaultyStore>(sound);
    log_.use_store(faulty);
    VacuumOptions options;
    make_fail(*faulty, options);
    try {
      vacuum_now(options);
      FAIL() << code;
    } catch (const base::Error& error) {
      EXPECT_EQ(error.code(), code);
    }
    log_.use_store(sound);
    const std::string end = sound->read(log_.log_path(log_name(4, ".json")));
    EXPECT_NE(end.find(R"("operation":"VACUUM END")"), std::string::npos) << end;
    EXPECT_NE(end.find(R"("status":"FAILED")"), std::string::npos) << end;
    EXPECT_EQ(data_paths(), (Paths{"gone", "live"}));
  }
}

// What is live is for the newest version to say.
TEST_F(VacuumTest, OfATableThatWasOpenedAtAnOldVersionLosesNothing) {
  make_table();
  put("later");
  log_.commit({HandMadeLog::add("later")});
  pass_days(8);
  const VacuumReport report = vacuum(log_.load(0), {.clock = log_.clock()});
  EXPECT_EQ(report.files, Paths{"/t/gone"});
  EXPECT_EQ(data_paths(), (Paths{"later", "live"}));
}

TEST_F(VacuumTest, LeavesNoCommitWhenNobodyAsks) {
  make_table();
  pass_days(8);
  vacuum_now();
  EXPECT_FALSE(log_.has("_delta_log/" + log_name(3, ".json")));
}

TEST_F(VacuumTest, RefusesFeaturesThatItDoesNotKnow) {
  make_table();
  log_.commit({Protocol{1, 7, std::nullopt, Paths{"somethingNew"}}});
  try {
    vacuum_now();
    FAIL();
  } catch (const base::Error& error) {
    EXPECT_EQ(error.code(), "DELTA_UNSUPPORTED_FEATURE");
  }
}

TEST_F(VacuumTest, LiteTakesTheFilesFromTheLog) {
  make_table();
  put("never-committed");
  pass_days(8);
  put("later");
  log_.commit({HandMadeLog::add("later")});
  log_.commit({HandMadeLog::remove("later", log_.now())});
  const VacuumReport report = vacuum_now({.lite = true});
  EXPECT_EQ(report.files, Paths{"/t/gone"});
  EXPECT_EQ(report.bytes, 100);
  EXPECT_EQ(data_paths(), (Paths{"later", "live", "never-committed"}));
}

TEST_F(VacuumTest, LiteLeavesFilesThatCameBack) {
  make_table();
  log_.commit({HandMadeLog::add("gone")});
  pass_days(8);
  EXPECT_TRUE(vacuum_now({.lite = true}).files.empty());
}

TEST_F(VacuumTest, LiteGoesOnAfterTheLastVacuum) {
  make_table();
  pass_days(8);
  vacuum_now();
  EXPECT_TRUE(vacuum_now({.lite = true}).files.empty());
  log_.commit({HandMadeLog::remove("live", log_.now())});
  pass_days(8);
  EXPECT_EQ(vacuum_now({.lite = true}).files, Paths{"/t/live"});
}

TEST_F(VacuumTest, IsDoneWhenWordOfItCannotBeLeftForLiteOnes) {
  make_table();
  pass_days(8);
  const std::shared_ptr<Store> sound = log_.store();
  const auto faulty = std::make_shared<FaultyStore>(sound);
  faulty->fail_change(3, Fault::kNoSpace);  // after the file and the empty folders
  log_.use_store(faulty);
  const VacuumReport report = vacuum_now();
  EXPECT_TRUE(faulty->has_failed());
  EXPECT_EQ(report.files, Paths{"/t/gone"});
  ASSERT_EQ(report.warnings.size(), 1U);
  EXPECT_TRUE(report.warnings[0].starts_with("no word of the last vacuum: ")) << report.warnings[0];
  log_.use_store(sound);
  log_.commit({HandMadeLog::remove("live", log_.now())});
  pass_days(8);
  const VacuumReport lite = vacuum_now({.lite = true});
  EXPECT_EQ(data_paths(), Paths{});
  EXPECT_TRUE(lite.warnings.empty());
}

TEST_F(VacuumTest, LiteNeedsTheCommitsSinceTheLastVacuum) {
  make_table();
  write_checkpoint(*log_.load(), {.clock = log_.clock()});
  log_.store()->remove(log_.log_path(log_name(0, ".json")));
  pass_days(8);
  try {
    vacuum_now({.lite = true});
    FAIL();
  } catch (const base::Error& error) {
    EXPECT_EQ(error.code(), "DELTA_CANNOT_VACUUM_LITE");
  }
}

class VacuumFaultTest : public VacuumTest, public testing::WithParamInterface<Fault> {};

TEST_P(VacuumFaultTest, LeavesTheTableWhole) {
  for (int change = 1;; ++change) {
    log_ = HandMadeLog();
    make_table({{"delta.vacuum.logging.enabled", "true"}});
    put("never-committed");
    pass_days(8);
    const std::shared_ptr<Store> sound = log_.store();
    const auto faulty = std::make_shared<FaultyStore>(sound);
    faulty->fail_change(change, GetParam());
    log_.use_store(faulty);
    try {
      vacuum_now();
    } catch (const std::exception&) {  // base::Error or Crash
    }
    const bool struck = faulty->has_failed();
    log_.use_store(sound);
    EXPECT_EQ(log_.files(), Paths{"live"}) << change;
    vacuum_now();
    EXPECT_EQ(data_paths(), Paths{"live"}) << change;
    if (!struck) break;
  }
}

INSTANTIATE_TEST_SUITE_P(Faults, VacuumFaultTest,
                         testing::Values(Fault::kNoSpace, Fault::kIoError, Fault::kLostAnswer,
                                         Fault::kCrashBefore, Fault::kCrashAfter));

// On the local file system: links, folders, and a table that is reached through a link.
TEST(LocalVacuumTest, KeepsToTheTablesOwnFolder) {
  namespace fs = std::filesystem;
  const fs::path root = fs::temp_directory_path() / ("vacuum-" + base::random_uuid());
  const std::string table = (root / "table").string();
  const auto store = local_store();
  HandMadeLog log;
  log.create();
  log.commit({HandMadeLog::add((root / "table" / "live").string())});
  for (const std::int64_t version : {0, 1}) {
    const std::string name = "/_delta_log/" + log_name(version, ".json");
    store->put(table + name, log.store()->read("/t" + name));
  }
  for (const char* name : {"/table/live", "/table/gone", "/outside/f"}) {
    store->put(root.string() + name, "x");
  }
  fs::create_directory(root / "table" / "empty");
  fs::create_directory_symlink(root / "outside", root / "table" / "link");
  fs::create_directory_symlink(root / "table", root / "alias");
  const auto engine = std::make_shared<JsonParquetEngine>(store);
  const auto snapshot = Snapshot::load(store, engine, (root / "alias").string());
  const VacuumReport report = vacuum(snapshot, {.clock = [] { return HandMadeLog::kNow * 2; }});
  EXPECT_EQ(report.files, Paths{(root / "alias" / "gone").string()});
  EXPECT_EQ(report.folders, 1);
  EXPECT_TRUE(fs::exists(root / "outside" / "f"));
  EXPECT_TRUE(fs::exists(root / "table" / "live"));
  EXPECT_TRUE(fs::is_symlink(root / "table" / "link"));
  EXPECT_FALSE(fs::exists(root / "table" / "empty"));
  fs::remove_all(root);
}

}  // namespace
}  // namespace delta
