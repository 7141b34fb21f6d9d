// Which thread writes which file. A file system tells the threads that write; a function of SQL
// tells the thread that makes a row, and its results are the rows.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <duckdb.hpp>
#include <duckdb/common/local_file_system.hpp>
#include <duckdb/main/extension/extension_loader.hpp>
#include <filesystem>
#include <limits>
#include <map>
#include <mutex>
#include <nlohmann/json.hpp>
#include <set>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/uuid.h"
#include "duck/copy_to_parquet.h"
#include "duck/database_internal.h"
#include "duck/sql_text.h"
#include "duck/writer_thread_internal.h"

namespace duck {
namespace {

namespace fs = std::filesystem;
using namespace std::string_literals;
using delta::DataType;
using delta::TypeKind;

// Numbers threads in the order in which they come; the first waits for a second one.
class Threads {
 public:
  std::int64_t number() {
    std::unique_lock lock(mutex_);
    const auto [known, is_new] =
        numbers_.try_emplace(std::this_thread::get_id(), std::ssize(numbers_));
    if (is_new) came_.notify_all();
    came_.wait_until(lock, deadline_, [&] { return numbers_.size() > 1; });
    return known->second;
  }

  std::size_t count() {
    const std::lock_guard lock(mutex_);
    return numbers_.size();
  }

 private:
  const std::chrono::steady_clock::time_point deadline_ =
      std::chrono::steady_clock::now() + std::chrono::seconds(20);
  std::mutex mutex_;
  std::condition_variable came_;
  std::map<std::thread::id, std::int64_t> numbers_;
};

// Who wrote to which file.
class Writes {
 public:
  void add(const std::string& path) {
    const std::lock_guard lock(mutex_);
    threads_[path].insert(std::this_thread::get_id());
    if (--left_ < 0) throw duckdb::IOException("no more writes");
  }

  // All after so many fail.
  void fail_after(int writes) {
    const std::lock_guard lock(mutex_);
    left_ = writes;
  }

  std::set<std::thread::id> threads(const std::string& path) const { return threads_.at(path); }

 private:
  std::mutex mutex_;
  int left_ = std::numeric_limits<int>::max();
  std::map<std::string, std::set<std::thread::id>> threads_;
};

// The local one, for the files below a folder.
class RecordingFileSystem : public duckdb::LocalFileSystem {
 public:
  RecordingFileSystem(std::string folder, Writes& writes)
      : folder_(std::move(folder)), writes_(writes) {}

  bool CanHandleFile(const std::string& path) override { return path.starts_with(folder_); }
  std::string GetName() const override { return "RecordingFileSystem"; }

  std::int64_t Write(duckdb::FileHandle& handle, void* buffer, std::int64_t bytes) override {
    writes_.add(handle.path);
    return LocalFileSystem::Write(handle, buffer, bytes);
  }

 private:
  const std::string folder_;
  Writes& writes_;
};

TEST(WriterThread, DoesOneThingAfterAnotherInOneThread) {
  WriterThread writer;
  std::vector<int> done;
  std::set<std::thread::id> threads;
  for (int i = 0; i < 100; ++i) {
    writer.start([&, i] {
      done.push_back(i);
      threads.insert(std::this_thread::get_id());
    });
  }
  writer.wait();
  EXPECT_EQ(done.size(), 100U);
  EXPECT_TRUE(std::ranges::is_sorted(done));
  EXPECT_EQ(threads.size(), 1U);
  EXPECT_FALSE(threads.contains(std::this_thread::get_id()));
}

TEST(WriterThread, TellsWhatFailedByEveryCallFromThenOn) {
  WriterThread writer;
  bool went_on = false;
  writer.start([] { throw std::runtime_error("the disk is full"); });
  for (int i = 0; i < 2; ++i) {
    EXPECT_THROW(writer.start([&] { went_on = true; }), std::runtime_error);
    EXPECT_THROW(writer.wait(), std::runtime_error);
  }
  EXPECT_FALSE(went_on);
}

// Threads take as many rows of a table at a time, six row groups: none has rows left over.
constexpr std::int64_t kRowsAtATime = 122880;
constexpr std::int64_t kRows = 12 * kRowsAtATime;
constexpr std::int64_t kRowGroupRows = kRowsAtATime / 6;

const delta::Schema kSchema{{{.name = "thread", .type = DataType::primitive(TypeKind::kLong)},
                             {.name = "p", .type = DataType::primitive(TypeKind::kLong)},
                             {.name = "i", .type = DataType::primitive(TypeKind::kLong)}}};

class WriterThreadFiles : public testing::Test {
 protected:
  WriterThreadFiles() {
    duckdb::ScalarFunction function(
        "thread_number", {}, duckdb::LogicalType::BIGINT,
        [this](duckdb::DataChunk& rows, duckdb::ExpressionState&, duckdb::Vector& result) {
          result.SetVectorType(duckdb::VectorType::FLAT_VECTOR);
          auto* numbers = duckdb::FlatVector::GetData<std::int64_t>(result);
          std::fill_n(numbers, rows.size(), threads_.number());
        });
    function.SetStability(duckdb::FunctionStability::VOLATILE);
    duckdb::ExtensionLoader loader(*database_.internal().duckdb->instance, "writer_thread_test");
    loader.RegisterFunction(function);
    database_.internal().duckdb->GetFileSystem().RegisterSubSystem(
        duckdb::make_uniq<RecordingFileSystem>(folder_.string(), writes_));
    connection_.execute("CREATE TABLE source AS SELECT range AS i FROM range(" +
                        std::to_string(kRows) + ")");
  }
  ~WriterThreadFiles() override { fs::remove_all(folder_); }

  CopyOptions options() const {
    return {.directory = folder_.string(),
            .row_group_rows = kRowGroupRows,
            .row_group_bytes = 64LL << 20};
  }

  CopiedFiles copy(const std::string& query, const CopyOptions& options) {
    CopiedFiles copied = copy_to_parquet(connection_, query, {}, kSchema, options);
    EXPECT_GT(threads_.count(), 1U) << "only one thread ran";
    for (const delta::AddFile& file : copied.files) {
      EXPECT_EQ(writers({file}).size(), 1U) << file.path;
    }
    return copied;
  }

  // The threads that wrote the files.
  std::set<std::thread::id> writers(const std::vector<delta::AddFile>& files) const {
    std::set<std::thread::id> all;
    for (const delta::AddFile& file : files) {
      all.merge(writes_.threads((folder_ / file.path).string()));
    }
    return all;
  }

  // How many threads made the rows of the file: 1, or 2 for several.
  static int makers(const delta::AddFile& file) {
    const auto stats = nlohmann::json::parse(*file.stats);
    return stats["minValues"]["thread"] == stats["maxValues"]["thread"] ? 1 : 2;
  }

  static std::int64_t rows(const delta::AddFile& file) {
    return nlohmann::json::parse(*file.stats)["numRecords"].get<std::int64_t>();
  }

  static std::int64_t all_rows(const CopiedFiles& copied) {
    std::int64_t all = 0;
    for (const delta::AddFile& file : copied.files) all += rows(file);
    return all;
  }

  const fs::path folder_ =
      fs::temp_directory_path() / ("writer-thread-test-" + base::random_uuid());
  Threads threads_;
  Writes writes_;
  Database database_{DatabaseConfig{.threads = 4}};
  Connection connection_{database_};
};

TEST_F(WriterThreadFiles, EachComesFromOneThread) {
  const CopiedFiles copied =
      copy("SELECT thread_number() AS thread, 0 AS p, i FROM source", options());
  for (const delta::AddFile& file : copied.files) EXPECT_EQ(makers(file), 1) << *file.stats;
  EXPECT_EQ(copied.files.size(), threads_.count());
  EXPECT_EQ(writers(copied.files).size(), threads_.count());
  EXPECT_EQ(all_rows(copied), kRows);
}

TEST_F(WriterThreadFiles, EachComesFromOneThreadWhenTheyRollAtTheirSize) {
  CopyOptions small = options();
  small.target_file_bytes = 500'000;
  const CopiedFiles copied =
      copy("SELECT thread_number() AS thread, hash(i) >> 1 AS p, i FROM source", small);
  EXPECT_GT(copied.files.size(), 20U);
  for (const delta::AddFile& file : copied.files) {
    EXPECT_LT(file.size, 1'000'000);
    EXPECT_GT(rows(file), kRowGroupRows);
    EXPECT_EQ(makers(file), 1) << *file.stats;
  }
  EXPECT_EQ(all_rows(copied), kRows);
}

TEST_F(WriterThreadFiles, EachComesFromOneThreadInPartitions) {
  CopyOptions partitioned = options();
  partitioned.partition_by = {"p"};
  partitioned.row_group_rows = kRowGroupRows / 5;
  const CopiedFiles copied =
      copy("SELECT thread_number() AS thread, i % 5 AS p, i FROM source", partitioned);
  std::map<std::string, std::size_t> files;
  for (const delta::AddFile& file : copied.files) {
    ++files[*file.partition_values.at("p")];
    EXPECT_EQ(makers(file), 1) << *file.stats;
  }
  EXPECT_EQ(files.size(), 5U);
  for (const auto& [partition, count] : files) EXPECT_EQ(count, threads_.count()) << partition;
  EXPECT_EQ(all_rows(copied), kRows);
}

TEST_F(WriterThreadFiles, NoneIsBesideAThreadThatIsAlone) {
  connection_.execute("SET threads = 1");
  const CopiedFiles copied = copy_to_parquet(
      connection_, "SELECT 0 AS thread, 0 AS p, i FROM source", {}, kSchema, options());
  ASSERT_EQ(copied.files.size(), 1U);
  EXPECT_EQ(writers(copied.files), std::set{std::this_thread::get_id()});
}

// DuckDB has a pipeline for each of them, with writers of its own.
TEST_F(WriterThreadFiles, UnionsDoNotMakeMoreFiles) {
  std::string query = "SELECT thread_number() AS thread, 0 AS p, i FROM source";
  for (int i = 1; i < 6; ++i) {
    query += " UNION ALL SELECT thread_number(), " + std::to_string(i) + ", i FROM source";
  }
  const CopiedFiles copied = copy(query, options());
  for (const delta::AddFile& file : copied.files) EXPECT_EQ(makers(file), 1) << *file.stats;
  EXPECT_EQ(copied.files.size(), threads_.count());
  EXPECT_EQ(all_rows(copied), 6 * kRows);
}

// What is left over of all threads is not one more file.
TEST_F(WriterThreadFiles, RestsGoToFilesThatAreThere) {
  CopyOptions uneven = options();
  uneven.row_group_rows = 100'000;
  const CopiedFiles copied =
      copy("SELECT thread_number() AS thread, 0 AS p, i FROM source", uneven);
  EXPECT_LE(copied.files.size(), threads_.count());
  EXPECT_EQ(all_rows(copied), kRows);
}

// 200 partitions by four threads: files of their own would be 800, of a row group each.
TEST_F(WriterThreadFiles, ManyPartitionsAreSharedByThreads) {
  CopyOptions partitioned = options();
  partitioned.partition_by = {"p"};
  partitioned.row_group_rows = 2048;
  const CopiedFiles copied =
      copy("SELECT thread_number() AS thread, i % 200 AS p, i FROM source", partitioned);
  std::set<std::string> partitions;
  for (const delta::AddFile& file : copied.files) {
    partitions.insert(*file.partition_values.at("p"));
  }
  EXPECT_EQ(partitions.size(), 200U);
  EXPECT_EQ(copied.files.size(), 200U);
  EXPECT_EQ(all_rows(copied), kRows);
}

TEST_F(WriterThreadFiles, AFileForAllThreadsWhenTheyShare) {
  CopyOptions shared = options();
  shared.share_files = true;
  const CopiedFiles copied =
      copy("SELECT thread_number() AS thread, 0 AS p, i FROM source", shared);
  ASSERT_EQ(copied.files.size(), 1U);
  EXPECT_EQ(makers(copied.files[0]), 2);
  EXPECT_EQ(all_rows(copied), kRows);
}

// Row groups of 18 KB, then such of 165 KB: what was written before tells nothing of these.
TEST_F(WriterThreadFiles, FilesEndAtTheirSizeHoweverTheyCompress) {
  CopyOptions small = options();
  small.target_file_bytes = 50'000;
  const CopiedFiles copied = copy(
      "SELECT thread_number() AS thread, 0 AS p, CASE WHEN i < 1000000 THEN hash(i) % 100 "
      "ELSE hash(i) >> 1 END AS i FROM source",
      small);
  for (const delta::AddFile& file : copied.files) EXPECT_LT(file.size, 250'000);
  EXPECT_EQ(all_rows(copied), kRows);
}

// What other threads have on their way counts. Of the first file's row groups, nobody knows how
// large they will be; the last file has what is left.
TEST_F(WriterThreadFiles, SharedFilesEndAtTheirSizeHoweverTheyCompress) {
  for (const auto& [column, target] :
       {std::pair("hash(i) >> 1", 500'000), {"hash(i) % 100", 50'000}}) {
    SCOPED_TRACE(column);
    CopyOptions shared = options();
    shared.share_files = true;
    shared.target_file_bytes = target;
    const CopiedFiles copied =
        copy("SELECT thread_number() AS thread, "s + column + " AS p, 0 AS i FROM source", shared);
    ASSERT_GT(copied.files.size(), 4U);
    for (std::size_t i = 1; i + 1 < copied.files.size(); ++i) {
      EXPECT_GT(copied.files[i].size, target * 9 / 10);
      EXPECT_LT(copied.files[i].size, target * 3 / 2);
    }
    EXPECT_EQ(all_rows(copied), kRows);
  }
}

TEST_F(WriterThreadFiles, WhatFailsIsToldAndLeavesNoFiles) {
  for (const int writes : {0, 1, 10, 30, 100}) {
    SCOPED_TRACE(writes);
    for (const bool are_shared : {false, true}) {
      CopyOptions small = options();
      small.share_files = are_shared;
      small.target_file_bytes = 500'000;
      writes_.fail_after(writes);
      try {
        copy_to_parquet(connection_,
                        "SELECT thread_number() AS thread, hash(i) >> 1 AS p, i FROM source", {},
                        kSchema, small);
        ADD_FAILURE() << "it did not fail";
      } catch (const base::Error& error) {
        EXPECT_NE(std::string(error.what()).find("no more writes"), std::string::npos);
      }
      EXPECT_TRUE(!fs::exists(folder_) || fs::is_empty(folder_));
    }
  }
}

// More than can be open: files are finished while others still have rows for them.
TEST_F(WriterThreadFiles, StatisticsAreThoseOfEachFileHoweverItCameAbout) {
  CopyOptions partitioned = options();
  partitioned.partition_by = {"p"};
  partitioned.row_group_rows = 2048;
  const std::string rows_of_source =
      "SELECT thread_number() AS thread, i % 300 AS p, i, "
      "CASE WHEN i % 7 < 3 THEN NULL ELSE [i, NULL] END AS list FROM source";
  delta::Schema schema = kSchema;
  schema.fields.push_back(
      {.name = "list", .type = DataType::array_of(DataType::primitive(TypeKind::kLong), true)});
  const CopiedFiles copied = copy_to_parquet(connection_, rows_of_source, {}, schema, partitioned);
  EXPECT_GT(copied.files.size(), 300U);
  std::string expected;
  std::string actual;
  for (const delta::AddFile& file : copied.files) {
    const auto stats = nlohmann::json::parse(*file.stats);
    expected += file.path + " " + stats["numRecords"].dump() + " " +
                stats["minValues"]["i"].dump() + " " + stats["maxValues"]["i"].dump() + " " +
                stats["nullCount"]["list"].dump() + "\n";
    const auto read = connection_.query(
        "SELECT concat_ws(' ', count(*), min(i), max(i), count(*) - count(list)) FROM "
        "read_parquet(" +
        quote_string(folder_.string() + "/" + file.path) + ")");
    actual += file.path + " " + std::get<std::string>(read.rows.at(0).at(0)) + "\n";
  }
  EXPECT_EQ(actual, expected);
  EXPECT_EQ(all_rows(copied), kRows);
}

// Fewer rows a thread than half a row group: they make one file together.
TEST_F(WriterThreadFiles, FewRowsOfManyThreadsAreOneFile) {
  CopyOptions large = options();
  large.row_group_rows = 4 * kRows;
  const CopiedFiles copied = copy("SELECT thread_number() AS thread, 0 AS p, i FROM source", large);
  EXPECT_EQ(copied.files.size(), 1U);
  EXPECT_EQ(all_rows(copied), kRows);
}

}  // namespace
}  // namespace duck
