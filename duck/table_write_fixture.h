// What tests that write a table of their own by queries stand on.
#pragma once

#include <unistd.h>

#include <filesystem>
#include <string>

#include "base/error.h"
#include "duck/scan_test_base.h"
#include "duck/sql_text.h"
#include "duck/table_write.h"

namespace duck {

// A folder that is the test's alone, and the table that writes make in it.
class TableWriteFixture : public ScanTest {
 protected:
  explicit TableWriteFixture(const std::string& name)
      : folder_(std::filesystem::path(testing::TempDir()) /
                (name + "-" + std::to_string(getpid()))) {
    std::filesystem::remove_all(folder_);
    options_.location = folder_.string();
  }
  ~TableWriteFixture() override { std::filesystem::remove_all(folder_); }

  TableWriteResult write(const std::string& query) {
    return write_table(database_, connection_, query, {}, options_);
  }
  // The error that the write ends with; "" when it succeeds.
  std::string code(const std::string& query) {
    try {
      write(query);
    } catch (const base::Error& error) {
      return error.code();
    }
    return "";
  }
  std::string table(const std::string& columns = "*") {
    return rows("SELECT " + columns + " FROM delta_scan(" + quote_string(options_.location) +
                ") ORDER BY ALL");
  }

  std::filesystem::path folder_;
  TableWriteOptions options_;
};

}  // namespace duck
