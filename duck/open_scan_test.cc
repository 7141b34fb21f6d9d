// A scan that is half read while others rewrite the table and remove the files that it reads.
#include <gtest/gtest.h>

#include <functional>
#include <set>

#include "base/error.h"
#include "base/time.h"
#include "delta/vacuum.h"
#include "duck/query_stream.h"
#include "duck/table_delete.h"
#include "duck/table_optimize.h"
#include "duck/table_write.h"
#include "duck/written_table.h"

namespace duck {
namespace {

constexpr std::int64_t kFiles = 40;
constexpr std::int64_t kRowsInFile = 5000;
constexpr std::int64_t kRows = kFiles * kRowsInFile;

// What a scan gave before it ended.
struct Read {
  std::int64_t rows = 0;
  std::int64_t sum = 0;
  std::string code = "none";  // of the error that it ended with
  std::string message;
  std::string path;  // that the error names
};

// The writers have a database of their own, as another process would.
class OpenScanTest : public testing::Test {
 protected:
  void SetUp() override {
    // So that most of the files are still to be opened when the first row comes.
    connection_.execute("SET streaming_buffer_size = '10KB'");
  }

  void make_table() {
    table_.create("SELECT 1::BIGINT AS id", {}, {{"delta.enableDeletionVectors", "true"}});
    for (std::int64_t file = 0; file < kFiles; ++file) {
      table_.append("SELECT i AS id FROM range(" + std::to_string(file * kRowsInFile) + ", " +
                    std::to_string((file + 1) * kRowsInFile) + ") AS r(i)");
    }
  }

  // Reads all rows one by one; `meanwhile` happens after the first one.
  Read read(const std::string& scan, const std::function<void()>& meanwhile) {
    Read read;
    try {
      for_each_row(connection_, "SELECT id FROM " + scan, {},
                   [&](const std::vector<delta::Value>& row) {
                     if (read.rows++ == 0) meanwhile();
                     read.sum += std::get<std::int64_t>(row.at(0));
                   });
    } catch (const base::Error& error) {
      read.code = error.code();
      read.message = error.message();
      const auto path = error.details().find("path");
      if (path != error.details().end()) read.path = path->second;
    }
    return read;
  }

  void optimize() { optimize_table(others_, {.location = table_.location()}); }

  void delete_where(const std::string& condition) {
    delete_rows(others_, others_connection_, {.location = table_.location(), .where = condition});
  }

  void overwrite() {
    write_table(others_, others_connection_, "SELECT 7::BIGINT AS id", {},
                {.location = table_.location(), .mode = WriteMode::kOverwrite});
  }

  // When everything that has been removed so far is long past its retention.
  std::set<std::string> vacuum_later() {
    const auto later = [] { return base::now_ms() + std::int64_t{40} * 24 * 60 * 60 * 1000; };
    const delta::VacuumReport report = delta::vacuum(table_.snapshot(), {.clock = later});
    return {report.files.begin(), report.files.end()};
  }

  // The table that `kRows` rows were written to.
  static void expect_all(const Read& read) {
    EXPECT_EQ(read.code, "none") << read.message;
    EXPECT_EQ(read.rows, kRows);
    EXPECT_EQ(read.sum, kRows * (kRows - 1) / 2);
  }

  // It ended at a file that the vacuum removed, and gave no wrong row before.
  static void expect_named(const Read& read, const std::set<std::string>& removed) {
    EXPECT_TRUE(removed.contains(read.path)) << read.path;
    EXPECT_NE(read.message.find("'" + read.path + "'"), std::string::npos) << read.message;
    EXPECT_GT(read.rows, 0);
    EXPECT_LT(read.rows, kRows);
  }

  Database database_{{.threads = 2}};
  Database others_{{.threads = 2}};
  Connection connection_{database_};
  Connection others_connection_{others_};
  WrittenTable table_{database_};
};

TEST_F(OpenScanTest, GivesItsOwnVersionsRowsWhileOthersRewriteTheTable) {
  make_table();
  expect_all(read(table_.scan(), [&] { optimize(); }));
  expect_all(read(table_.scan(), [&] { delete_where("id % 2 = 0"); }));
  const std::int64_t last = table_.snapshot()->version();
  EXPECT_EQ(read(table_.scan(), [&] { overwrite(); }).rows, kRows / 2);
  EXPECT_EQ(read(table_.scan(), [] {}).sum, 7);
  EXPECT_EQ(read(table_.scan(last), [] {}).rows, kRows / 2);
  expect_all(read(table_.scan(kFiles), [] {}));
}

TEST_F(OpenScanTest, AVacuumWithinTheRetentionTakesNothingFromIt) {
  make_table();
  expect_all(read(table_.scan(), [&] {
    optimize();
    EXPECT_TRUE(delta::vacuum(table_.snapshot(), {.retention_hours = 0}).files.empty());
  }));
}

TEST_F(OpenScanTest, AFileThatAVacuumRemovedIsNamed) {
  make_table();
  std::set<std::string> removed;
  const Read interrupted = read(table_.scan(), [&] {
    optimize();
    removed = vacuum_later();
  });
  EXPECT_EQ(removed.size(), static_cast<std::size_t>(kFiles));
  expect_named(interrupted, removed);
  EXPECT_EQ(interrupted.code, "DELTA_DATA_FILE_MISSING");
  EXPECT_NE(interrupted.message.find("a vacuum may have removed it"), std::string::npos)
      << interrupted.message;
  // The next query, on the same connection, reads the table as it is now.
  expect_all(read(table_.scan(), [] {}));
  EXPECT_EQ(read(table_.scan(kFiles), [] {}).code, "DELTA_DATA_FILE_MISSING");
}

TEST_F(OpenScanTest, ADeletionVectorThatAVacuumRemovedIsNamed) {
  make_table();
  delete_where("id % 2 = 0");
  std::set<std::string> removed;
  const Read interrupted = read(table_.scan(), [&] {
    delete_where("id % 4 = 1");
    removed = vacuum_later();
  });
  EXPECT_EQ(removed.size(), 1U);
  for (const std::string& file : removed) EXPECT_TRUE(file.ends_with(".bin")) << file;
  expect_named(interrupted, removed);
  EXPECT_EQ(interrupted.code, "DELTA_DATA_FILE_MISSING");
  EXPECT_EQ(read(table_.scan(), [] {}).rows, kRows / 4);
}

TEST_F(OpenScanTest, OneThatHasOpenedAllItsFilesGoesOn) {
  table_.create("SELECT 1::BIGINT AS id");
  table_.append("SELECT i AS id FROM range(" + std::to_string(kRows) + ") AS r(i)");
  table_.append("SELECT 0::BIGINT AS id WHERE false");
  expect_all(read(table_.scan(), [&] {
    overwrite();
    EXPECT_FALSE(vacuum_later().empty());
  }));
}

}  // namespace
}  // namespace duck
