// Random operations on a table, checked against a model of it that is kept in memory.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>
#include <span>
#include <vector>

#include "base/error.h"
#include "delta/checkpoint.h"
#include "delta/deletion_vector.h"
#include "delta/deletion_vector_writer.h"
#include "delta/history.h"
#include "delta/log_cleanup.h"
#include "delta/log_compaction.h"
#include "delta/log_verification.h"
#include "delta/src/calendar.h"
#include "delta/src/table_property.h"
#include "delta/testing/json_parquet_engine.h"
#include "delta/transaction.h"
#include "delta/vacuum.h"

namespace delta {
namespace {

constexpr const char* kTable = "/t";
constexpr std::int64_t kStart = 1700000000000;  // ms since the epoch
constexpr std::int64_t kMinute = kMsPerHour / 60;

// Operations on each table. ThreadSanitizer takes some twenty times as long for each.
#if defined(__SANITIZE_THREAD__)
constexpr int kSteps = 500;
#else
constexpr int kSteps = 5000;
#endif

using Rows = std::set<std::uint64_t>;
using Files = std::map<std::string, Rows>;  // the deleted rows of each live file

// What the table must be at one version.
struct Version {
  Files files;
  std::int64_t app_version = 0;
  std::int64_t file_time = 0;    // when its commit came into the store
  std::int64_t commit_time = 0;  // as an in-commit timestamp, later than that of the one before
};

class Model {
 public:
  Model(std::uint64_t seed, bool in_commit_timestamps, const std::string& checkpoint_policy)
      : random_(seed), in_commit_timestamps_(in_commit_timestamps) {
    NewTable table;
    table.schema.fields.push_back({"a", DataType::primitive(TypeKind::kLong)});
    table.configuration = {{"delta.enableDeletionVectors", "true"},
                           {"delta.enableRowTracking", "true"},
                           {"delta.checkpointPolicy", checkpoint_policy}};
    if (in_commit_timestamps) table.configuration["delta.enableInCommitTimestamps"] = "true";
    Transaction::create(store_, kTable, table).commit(options());
    committed({});
  }

  void step() {
    pass_time();
    const std::size_t dice = below(1000);
    if (dice < 300) {
      append(1 + below(3));
    } else if (dice < 330) {
      overwrite();
    } else if (dice < 430) {
      remove_file();
    } else if (dice < 600) {
      delete_rows();
    } else if (dice < 660) {
      compact_files();
    } else if (dice < 740) {
      load_once();
    } else if (dice < 820) {
      race();
    } else if (dice < 840) {
      write_checkpoint(*latest(), {.clock = clock_, .actions_per_sidecar = 3});
    } else if (dice < 870) {
      compact_log();
    } else if (dice < 885) {
      clean_up();
    } else if (dice < 900) {
      vacuum_table();
    } else {
      travel();
    }
  }

  // Compares the latest version.
  void check() {
    latest_ = load();
    const auto& snapshot = latest_;
    ASSERT_EQ(snapshot->version(), static_cast<std::int64_t>(versions_.size()) - 1);
    expect_version(*snapshot);
    for (const AddFile& file : snapshot->files()) {
      ASSERT_NO_THROW(store_->read(snapshot->data_path(file))) << file.path;
    }
    expect_distinct_row_ids(*snapshot);
  }

  void check_log() { EXPECT_EQ(verify_log(*latest()), std::vector<std::string>{}); }

  const std::map<std::string, int>& done() const { return done_; }

 private:
  std::size_t below(std::size_t bound) { return random_() % bound; }

  // Mostly forward, sometimes back.
  void pass_time() {
    now_ += below(20) == 0 ? -static_cast<std::int64_t>(below(5)) * kMinute
                           : static_cast<std::int64_t>(below(12 * 60)) * kMinute;
  }

  CommitOptions options() {
    CommitOptions options;
    options.clock = clock_;
    return options;
  }
  std::shared_ptr<const Snapshot> load(std::optional<std::int64_t> version = std::nullopt) {
    return Snapshot::load(store_, engine_, kTable, version);
  }
  // The latest version, which check() has read.
  std::shared_ptr<const Snapshot> latest() { return latest_ ? latest_ : load(); }
  const Files& files() const { return versions_.back().files; }

  void committed(Files files) {
    if (versions_.empty()) {
      versions_.push_back({std::move(files), 0, now_, now_});
      return;
    }
    const Version& last = versions_.back();
    versions_.push_back(
        {std::move(files), last.app_version, now_, std::max(now_, last.commit_time + 1)});
  }
  void count(const std::string& operation) { ++done_[operation]; }

  // A new data file of some rows; on average as many come as go.
  AddFile new_file(std::size_t rows = 10) {
    AddFile add;
    add.path = "f" + std::to_string(next_file_++);
    add.size = 1;
    add.modification_time = now_;
    add.stats = R"({"numRecords":)" + std::to_string(rows) + "}";
    store_->put(kTable + std::string("/") + add.path, "x");
    rows_[add.path] = rows;
    return add;
  }
  std::optional<AddFile> any_file(const Snapshot& snapshot) {
    const SnapshotFiles files = snapshot.files();
    if (files.empty()) return std::nullopt;
    return files[below(files.size())];
  }

  void append(std::size_t count_of_files) {
    count("append");
    Transaction transaction = Transaction::start(latest());
    Files after = files();
    for (std::size_t i = 0; i < count_of_files; ++i) {
      const AddFile file = new_file();
      after.emplace(file.path, Rows{});
      transaction.add(file);
    }
    transaction.commit(options());
    committed(std::move(after));
  }

  void overwrite() {
    count("overwrite");
    Transaction transaction = Transaction::start(latest());
    transaction.remove_all();
    const AddFile file = new_file();
    transaction.add(file);
    transaction.commit(options());
    committed({{file.path, {}}});
  }

  void remove_file() {
    const auto base = latest();
    const auto file = any_file(*base);
    if (!file) return;
    count("remove file");
    Transaction transaction = Transaction::start(base);
    transaction.read_file(*file);
    transaction.remove(*file);
    transaction.commit(options());
    Files after = files();
    after.erase(file->path);
    committed(std::move(after));
  }

  // Some further rows of the file, not all that are left; nothing when only one is.
  Rows more_deleted(const AddFile& file) {
    Rows deleted = files().at(file.path);
    const std::size_t rows = rows_.at(file.path);
    if (deleted.size() + 1 >= rows) return {};
    const std::size_t more = 1 + below(rows - deleted.size() - 1);
    for (std::size_t i = 0; i < more; ++i) deleted.insert(below(rows));
    return deleted.size() < rows && deleted != files().at(file.path) ? deleted : Rows{};
  }

  void replace_vector(Transaction& transaction, const AddFile& file, const Rows& deleted) {
    // In the log or in a file.
    DeletionVectorWriter writer(store_, kTable,
                                below(2) * DeletionVectorWriter::kDefaultInlineBytes);
    const std::vector<std::uint64_t> positions(deleted.begin(), deleted.end());
    const DeletionVectorDescriptor vector = writer.add(DeletionVector::of(positions));
    writer.finish();
    transaction.replace_deletion_vector(file, vector);
  }

  void delete_rows() {
    const auto base = latest();
    const auto file = any_file(*base);
    if (!file) return;
    const Rows deleted = more_deleted(*file);
    if (deleted.empty()) return;
    count("delete rows");
    Transaction transaction = Transaction::start(base);
    transaction.read_file(*file);
    replace_vector(transaction, *file, deleted);
    transaction.commit(options());
    Files after = files();
    after[file->path] = deleted;
    committed(std::move(after));
  }

  void compact_files() {
    const auto base = latest();
    if (base->files().size() < 2) return;
    count("compact files");
    Transaction transaction = Transaction::start(base);
    transaction.set_data_change(false);
    Files after = files();
    std::size_t rows = 0;
    const SnapshotFiles live = base->files();
    const std::size_t size = std::min(live.size(), 2 + below(8));
    for (std::size_t i = 0; i < size; ++i) {
      const AddFile& file = live[i];
      rows += rows_.at(file.path) - after.at(file.path).size();
      after.erase(file.path);
      transaction.remove(file);
    }
    const AddFile file = new_file(rows);
    transaction.add(file);
    after.emplace(file.path, Rows{});
    transaction.commit(options());
    committed(std::move(after));
  }

  // A load that is run twice, the second time from an old snapshot.
  void load_once() {
    count("load once");
    const auto base = latest();
    const std::int64_t app_version = versions_.back().app_version + 1;
    const auto run = [&](const AddFile& file) {
      Transaction transaction = Transaction::start(base);
      transaction.add(file);
      transaction.set_transaction({"app", app_version, std::nullopt});
      return transaction.commit(options());
    };
    const AddFile file = new_file();
    ASSERT_FALSE(run(file).already_committed);
    Files after = files();
    after.emplace(file.path, Rows{});
    committed(std::move(after));
    versions_.back().app_version = app_version;
    ASSERT_TRUE(run(new_file()).already_committed);
  }

  // Two transactions of one snapshot; the second is an append, or touches a file or another.
  void race() {
    const auto base = latest();
    const auto file = any_file(*base);
    const auto other = any_file(*base);
    if (!file || !other) return;
    count("race");
    Transaction late = Transaction::start(base);
    const bool is_append = below(2) == 0;
    const AddFile added = new_file();
    if (is_append) {
      late.add(added);
    } else {
      late.read_file(*other);
      late.remove(*other);
    }
    Transaction early = Transaction::start(base);
    early.read_file(*file);
    early.remove(*file);
    early.commit(options());
    Files after = files();
    after.erase(file->path);
    committed(after);
    if (!is_append && other->path == file->path) {
      try {
        late.commit(options());
        FAIL() << "a file was removed twice";
      } catch (const base::Error& error) {
        ASSERT_EQ(error.details().at("conflict"), "ConcurrentDeleteDelete");
      }
      return;
    }
    late.commit(options());
    if (is_append) {
      after.emplace(added.path, Rows{});
    } else {
      after.erase(other->path);
    }
    committed(std::move(after));
  }

  void compact_log() {
    const auto snapshot = latest();
    const std::int64_t first =
        std::max(oldest_, snapshot->version() - 1 - static_cast<std::int64_t>(below(12)));
    if (first >= snapshot->version()) return;
    count("compact log");
    delta::compact_log(*snapshot, first);
  }

  void clean_up() {
    count("clean up");
    const LogCleanupReport report = clean_up_log(*latest(), {.clock = clock_});
    oldest_ = std::max(oldest_, report.first_kept_version.value_or(0));
    if (!report.files.empty()) count("log cleaned up");
  }

  std::vector<std::string> vacuum_files(bool lite) {
    try {
      return vacuum(latest(), {.lite = lite, .clock = clock_}).files;
    } catch (const base::Error& error) {
      if (!lite || error.code() != "DELTA_CANNOT_VACUUM_LITE") throw;
      return vacuum_files(false);
    }
  }

  void vacuum_table() {
    count("vacuum");
    if (!vacuum_files(below(2) == 0).empty()) count("files vacuumed");
    // What was live in the last week can still be read as a whole.
    for (std::size_t i = versions_.size() - 1;
         i > 0 && versions_[i].file_time > now_ - 6 * kMsPerDay; --i) {
      for (const auto& [path, rows] : versions_[i].files) {
        ASSERT_NO_THROW(store_->read(kTable + std::string("/") + path)) << "version " << i;
      }
    }
  }

  // To a version, or to the time of one.
  void travel() {
    const auto count_of_versions = static_cast<std::int64_t>(versions_.size());
    const std::int64_t version =
        oldest_ +
        static_cast<std::int64_t>(below(static_cast<std::size_t>(count_of_versions - oldest_)));
    if (below(4) != 0) {
      count("travel to a version");
      const auto snapshot = load(version);
      ASSERT_EQ(snapshot->version(), version);
      expect_version(*snapshot);
      return;
    }
    travel_to_times(*latest());
  }

  // Of the commits that the log holds, in ms since the epoch. Times grow with the versions,
  // whatever the clock did: those in the commits from the table's first version on, those of the
  // files from the first one that is left.
  std::vector<CommitTime> commit_times() const {
    std::vector<CommitTime> times;
    for (std::size_t i = static_cast<std::size_t>(oldest_); i < versions_.size(); ++i) {
      std::int64_t time = versions_[i].commit_time;
      if (!in_commit_timestamps_) {
        time = versions_[i].file_time;
        if (!times.empty()) time = std::max(time, times.back().timestamp + 1);
      }
      times.push_back({static_cast<std::int64_t>(i), time});
    }
    return times;
  }

  void travel_to_times(const Snapshot& newest) {
    count("travel to a time");
    const std::vector<CommitTime> times = commit_times();
    auto expected = times.rbegin();
    for (const HistoryEntry& entry : history(newest, 20)) {
      ASSERT_NE(expected, times.rend());
      ASSERT_EQ((CommitTime{entry.version, entry.timestamp}), *expected);
      ++expected;
    }
    ASSERT_EQ(expected - times.rbegin(), std::min<std::ptrdiff_t>(20, std::ssize(times)));
    for (int i = 0; i < 20; ++i) {
      // At its own time or at any other one before the next commit; the last is there for that ms.
      const std::size_t at = below(times.size());
      const std::int64_t begin = times[at].timestamp;
      const std::int64_t end = at + 1 < times.size() ? times[at + 1].timestamp : begin + 1;
      const auto micros = static_cast<std::size_t>((end - begin) * kMicrosPerMilli);
      const auto later = static_cast<std::int64_t>(below(2) == 0 ? 0 : below(micros));
      const Timestamp time{begin * kMicrosPerMilli + later};
      ASSERT_EQ(version_as_of(newest, time), times[at]) << later;
    }
    expect_no_version_at(newest, times.front().timestamp * kMicrosPerMilli - 1);
    expect_no_version_at(newest, (times.back().timestamp + 1) * kMicrosPerMilli);
  }

  static void expect_no_version_at(const Snapshot& newest, std::int64_t micros) {
    try {
      const CommitTime found = version_as_of(newest, Timestamp{micros});
      FAIL() << "version " << found.version << " was found at " << micros;
    } catch (const base::Error& error) {
      ASSERT_EQ(error.code(), "DELTA_TIMESTAMP_NOT_FOUND");
    }
  }

  void expect_version(const Snapshot& snapshot) {
    SCOPED_TRACE("version " + std::to_string(snapshot.version()));
    const auto number = static_cast<std::size_t>(snapshot.version());
    const Version& version = versions_.at(number);
    const bool is_old = number + 1 < versions_.size();
    Files found;
    for (const AddFile& file : snapshot.files()) {
      Rows& deleted = found[file.path];
      ASSERT_EQ(file.deletion_vector.has_value(), !version.files.at(file.path).empty());
      if (!file.deletion_vector) continue;
      const std::optional<Rows> rows = rows_in_vector(file);
      if (rows) {
        if (is_old) count(is_in_file(*file.deletion_vector) ? "old vector file" : "old vector");
        deleted = *rows;
        continue;
      }
      // Vacuum may have removed what no version of the last week names.
      ASSERT_TRUE(is_old);
      ASSERT_LE(versions_[number + 1].file_time, now_ - 6 * kMsPerDay) << file.path;
      count("vector file vacuumed");
      deleted = version.files.at(file.path);
      ASSERT_EQ(static_cast<std::int64_t>(deleted.size()), file.deletion_vector->cardinality);
    }
    ASSERT_EQ(found, version.files);
    ASSERT_EQ(snapshot.files().size(), found.size());
    ASSERT_EQ(snapshot.transaction_version("app").value_or(0), version.app_version);
  }

  static bool is_in_file(const DeletionVectorDescriptor& vector) {
    return vector.storage_type != "i";
  }

  // Nothing when the vector's file is gone.
  std::optional<Rows> rows_in_vector(const AddFile& file) {
    try {
      Rows deleted;
      DeletionVector::read(*store_, kTable, *file.deletion_vector)
          .for_each_between(0, rows_.at(file.path), [&](std::span<const std::uint64_t> rows) {
            deleted.insert(rows.begin(), rows.end());
          });
      return deleted;
    } catch (const base::Error& error) {
      if (error.code() != "DELTA_DATA_FILE_MISSING") throw;
      return std::nullopt;
    }
  }

  void expect_distinct_row_ids(const Snapshot& snapshot) {
    std::map<std::int64_t, std::int64_t> ranges;  // first id and the one after the last
    for (const AddFile& file : snapshot.files()) {
      const auto rows = static_cast<std::int64_t>(rows_.at(file.path));
      ASSERT_TRUE(ranges.emplace(*file.base_row_id, *file.base_row_id + rows).second);
    }
    std::int64_t end = 0;
    for (const auto& [first, last] : ranges) {
      ASSERT_GE(first, end);
      end = last;
    }
  }

  std::mt19937_64 random_;
  bool in_commit_timestamps_;
  std::int64_t now_ = kStart;
  Clock clock_ = [this] { return now_; };
  std::shared_ptr<Store> store_ = memory_store(clock_);
  std::shared_ptr<ParquetEngine> engine_ = std::make_shared<JsonParquetEngine>(store_);
  std::shared_ptr<const Snapshot> latest_;
  std::vector<Version> versions_;
  std::int64_t oldest_ = 0;  // the first version that the log may still hold
  std::map<std::string, std::size_t> rows_;
  int next_file_ = 0;
  std::map<std::string, int> done_;
};

void run(std::uint64_t seed, int steps, bool in_commit_timestamps, const std::string& policy) {
  Model model(seed, in_commit_timestamps, policy);
  for (int step = 0; step < steps; ++step) {
    SCOPED_TRACE("seed " + std::to_string(seed) + ", step " + std::to_string(step));
    model.step();
    model.check();
    if (step % 100 == 0) model.check_log();
    if (testing::Test::HasFailure()) return;
  }
  for (const char* operation :
       {"append", "overwrite", "remove file", "delete rows", "compact files", "load once", "race",
        "compact log", "log cleaned up", "files vacuumed", "travel to a version",
        "travel to a time", "old vector", "old vector file", "vector file vacuumed"}) {
    EXPECT_GT(model.done().contains(operation) ? model.done().at(operation) : 0, kSteps / 1000)
        << operation;
  }
}

TEST(ModelTest, ATableIsWhatItsCommitsSay) { run(1, kSteps, false, "classic"); }

TEST(ModelTest, ATableWithTimestampsAndSidecarsIsWhatItsCommitsSay) { run(2, kSteps, true, "v2"); }

}  // namespace
}  // namespace delta
