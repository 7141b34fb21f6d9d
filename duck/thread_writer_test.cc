// Which thread writes to which file: a function of SQL tells the thread, its results are the rows.
#include <gtest/gtest.h>

#include <chrono>
#include <condition_variable>
#include <duckdb.hpp>
#include <duckdb/main/extension/extension_loader.hpp>
#include <filesystem>
#include <map>
#include <mutex>
#include <nlohmann/json.hpp>
#include <set>
#include <thread>

#include "base/uuid.h"
#include "duck/copy_to_parquet.h"
#include "duck/database_internal.h"

namespace duck {
namespace {

namespace fs = std::filesystem;
using delta::DataType;
using delta::TypeKind;

// Numbers threads in the order in which they come; each waits for a second one.
class Threads {
 public:
  std::int64_t number() {
    std::unique_lock lock(mutex_);
    const auto [known, is_new] =
        numbers_.try_emplace(std::this_thread::get_id(), std::ssize(numbers_));
    if (is_new) came_.notify_all();
    came_.wait_for(lock, std::chrono::seconds(20), [&] { return numbers_.size() > 1; });
    return known->second;
  }

  std::size_t count() {
    const std::lock_guard lock(mutex_);
    return numbers_.size();
  }

 private:
  std::mutex mutex_;
  std::condition_variable came_;
  std::map<std::thread::id, std::int64_t> numbers_;
};

constexpr std::int64_t kRows = 1'500'000;
constexpr std::int64_t kRowGroupRows = 20480;

class ThreadWriterFiles : public testing::Test {
 protected:
  ThreadWriterFiles() {
    duckdb::ScalarFunction function(
        "thread_number", {}, duckdb::LogicalType::BIGINT,
        [this](duckdb::DataChunk& rows, duckdb::ExpressionState&, duckdb::Vector& result) {
          result.SetVectorType(duckdb::VectorType::FLAT_VECTOR);
          auto* numbers = duckdb::FlatVector::GetData<std::int64_t>(result);
          std::fill_n(numbers, rows.size(), threads_.number());
        });
    function.SetStability(duckdb::FunctionStability::VOLATILE);
    duckdb::ExtensionLoader loader(*database_.internal().duckdb->instance, "thread_writer_test");
    loader.RegisterFunction(function);
    connection_.execute("CREATE TABLE source AS SELECT range AS i FROM range(" +
                        std::to_string(kRows) + ")");
  }
  ~ThreadWriterFiles() override { fs::remove_all(folder_); }

  CopyOptions options() const {
    return {.directory = folder_.string(), .row_group_rows = kRowGroupRows};
  }

  CopiedFiles copy(const std::string& query, const CopyOptions& options) {
    const delta::Schema schema{{{.name = "thread", .type = DataType::primitive(TypeKind::kLong)},
                                {.name = "p", .type = DataType::primitive(TypeKind::kLong)},
                                {.name = "i", .type = DataType::primitive(TypeKind::kLong)}}};
    CopiedFiles copied = copy_to_parquet(connection_, query, {}, schema, options);
    EXPECT_GT(threads_.count(), 1U) << "only one thread ran";
    return copied;
  }

  // How many threads wrote to the file: 1, or 2 for several.
  static int writers(const delta::AddFile& file) {
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
      fs::temp_directory_path() / ("thread-writer-test-" + base::random_uuid());
  Threads threads_;
  Database database_{DatabaseConfig{.threads = 4}};
  Connection connection_{database_};
};

TEST_F(ThreadWriterFiles, EachComesFromOneThread) {
  const CopiedFiles copied =
      copy("SELECT thread_number() AS thread, 0 AS p, i FROM source", options());
  std::size_t of_rests = 0;
  for (const delta::AddFile& file : copied.files) {
    if (rows(file) <= kRowGroupRows) {
      ++of_rests;
    } else {
      EXPECT_EQ(writers(file), 1) << *file.stats;
    }
  }
  EXPECT_LE(of_rests, 1U);
  EXPECT_GE(copied.files.size(), 2U);
  EXPECT_LE(copied.files.size(), threads_.count() + 1);
  EXPECT_EQ(all_rows(copied), kRows);
}

TEST_F(ThreadWriterFiles, EachComesFromOneThreadWhenTheyRollAtTheirSize) {
  CopyOptions small = options();
  small.target_file_bytes = 200'000;
  const CopiedFiles copied =
      copy("SELECT thread_number() AS thread, hash(i) >> 1 AS p, i FROM source", small);
  EXPECT_GT(copied.files.size(), 20U);
  for (const delta::AddFile& file : copied.files) {
    EXPECT_LT(file.size, 800'000);
    if (rows(file) > kRowGroupRows) {
      EXPECT_EQ(writers(file), 1) << *file.stats;
    }
  }
  EXPECT_EQ(all_rows(copied), kRows);
}

TEST_F(ThreadWriterFiles, EachComesFromOneThreadInPartitions) {
  CopyOptions partitioned = options();
  partitioned.partition_by = {"p"};
  const CopiedFiles copied =
      copy("SELECT thread_number() AS thread, i % 5 AS p, i FROM source", partitioned);
  std::map<std::string, std::size_t> files;
  for (const delta::AddFile& file : copied.files) {
    ++files[*file.partition_values.at("p")];
    if (rows(file) > kRowGroupRows) {
      EXPECT_EQ(writers(file), 1) << *file.stats;
    }
  }
  EXPECT_EQ(files.size(), 5U);
  for (const auto& [partition, count] : files) EXPECT_LE(count, threads_.count() + 1) << partition;
  EXPECT_EQ(all_rows(copied), kRows);
}

// 200 partitions by four threads: files of their own would be 800, of a row group each.
TEST_F(ThreadWriterFiles, ManyPartitionsAreSharedByThreads) {
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

TEST_F(ThreadWriterFiles, AFileForAllThreadsWhenTheyShare) {
  CopyOptions shared = options();
  shared.share_files = true;
  const CopiedFiles copied =
      copy("SELECT thread_number() AS thread, 0 AS p, i FROM source", shared);
  ASSERT_EQ(copied.files.size(), 1U);
  EXPECT_EQ(writers(copied.files[0]), 2);
  EXPECT_EQ(all_rows(copied), kRows);
}

// Fewer rows a thread than half a row group: they make one file together.
TEST_F(ThreadWriterFiles, FewRowsOfManyThreadsAreOneFile) {
  CopyOptions large = options();
  large.row_group_rows = 4 * kRows;
  const CopiedFiles copied = copy("SELECT thread_number() AS thread, 0 AS p, i FROM source", large);
  EXPECT_EQ(copied.files.size(), 1U);
  EXPECT_EQ(all_rows(copied), kRows);
}

}  // namespace
}  // namespace duck
