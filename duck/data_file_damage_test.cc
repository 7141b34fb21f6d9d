// A table whose data file has one bit flipped, at every byte of its footer or of its pages. A
// reader finds the right rows, or an error names the file, but for what a footer says once, and
// nothing where checksums are beside the file.
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstring>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <random>
#include <string>

#include "base/error.h"
#include "delta/testing/hadoop_checksum_file.h"
#include "duck/database.h"
#include "duck/sql_text.h"
#include "duck/table_write.h"

namespace duck {
namespace {

namespace fs = std::filesystem;

class DataFileDamageTest : public testing::Test {
 protected:
  DataFileDamageTest() {
    fs::remove_all(folder_);
    Database database(DatabaseConfig{.threads = 1});
    Connection connection(database);
    write_table(database, connection,
                "SELECT i AS id, 'row ' || i AS s, i * 0.5 AS d, DATE '2024-01-01' + i::INTEGER AS "
                "day, {'x': i, 'y': {'z': i % 7}} AS part FROM range(50) r(i)",
                {}, {.location = table()});
    for (const auto& entry : fs::directory_iterator(folder_ / "table")) {
      if (entry.path().extension() == ".parquet") file_ = entry.path().filename();
    }
    std::ifstream file(folder_ / "table" / file_, std::ios::binary);
    whole_.assign(std::istreambuf_iterator<char>(file), {});
  }
  ~DataFileDamageTest() override { fs::remove_all(folder_); }

  std::string table() const { return (folder_ / "table").string(); }

  // What is read, or "error …", when the data file has these bytes. From a copy, of which no cache
  // knows.
  std::string rows_with(const std::string& bytes, const std::string& query) {
    const fs::path copy = folder_ / std::to_string(copies_++);
    fs::copy(folder_ / "table", copy, fs::copy_options::recursive);
    std::ofstream(copy / file_, std::ios::binary | std::ios::trunc) << bytes;
    std::string text;
    try {
      Connection connection(database_);
      for (const auto& row : connection
                                 .query("SELECT (" + query + ")::VARCHAR FROM delta_scan(" +
                                        quote_string(copy.string()) + ") t ORDER BY 1")
                                 .rows) {
        text += std::get<std::string>(row.at(0)) + "\n";
      }
    } catch (const base::Error& error) {
      text = "error " + error.code() + ": " + error.message();
    }
    fs::remove_all(copy);
    return text;
  }

  // Bytes of the footer with its length and the magic number behind it.
  std::size_t footer_size() const {
    std::uint32_t length = 0;
    std::memcpy(&length, whole_.data() + whole_.size() - 8, sizeof length);
    return length + 8;
  }

  struct Counts {
    int damaged = 0;
    int errors = 0;
    int others = 0;  // other rows than the right ones
  };

  // Flips a bit of every byte, or of one in `step`, from there on.
  Counts damage_from(std::size_t begin, std::size_t step = 1) {
    const std::string right = rows_with(whole_, "t");
    EXPECT_FALSE(right.starts_with("error ")) << right;
    const std::string count = rows_with(whole_, "count(*)");
    std::mt19937_64 random(11);
    Counts counts;
    for (std::size_t at = begin; at < whole_.size(); at += step) {
      std::string bytes = whole_;
      bytes[at] = static_cast<char>(bytes[at] ^ (1 << (random() % 8)));
      for (const auto& [query, expected] : {std::pair("t", right), {"count(*)", count}}) {
        ++counts.damaged;
        const std::string found = rows_with(bytes, query);
        if (found == expected) continue;
        const bool is_error = found.starts_with("error ");
        EXPECT_TRUE(!is_error || found.find(file_) != std::string::npos) << at << "\n" << found;
        ++(is_error ? counts.errors : counts.others);
      }
    }
    std::cout << counts.damaged << " damages: " << counts.errors << " errors, " << counts.others
              << " times other rows\n";
    return counts;
  }

  const fs::path folder_ =
      fs::temp_directory_path() / ("data-file-damage-" + std::to_string(::getpid()));
  fs::path file_;
  std::string whole_;
  Database database_{DatabaseConfig{.threads = 1}};
  int copies_ = 0;
};

TEST_F(DataFileDamageTest, AColumnThatTheLogKnowsValuesOf) {
  std::string bytes = whole_;
  const std::size_t name = bytes.find("part", bytes.size() - footer_size());
  ASSERT_NE(name, std::string::npos);
  bytes[name] = 'q';
  EXPECT_NE(rows_with(bytes, "t")
                .find("it has no column 'part.x', of which the log knows values, but others"),
            std::string::npos);
}

TEST_F(DataFileDamageTest, AColumnThatTheTableHasUnderAnotherName) {
  const fs::path log = folder_ / "table/_delta_log/00000000000000000000.json";
  std::ifstream in(log);
  std::string text{std::istreambuf_iterator<char>(in), {}};
  const std::size_t name = text.find("\\\"day\\\"");
  ASSERT_NE(name, std::string::npos);
  text[name + 4] = 'e';
  std::ofstream(log, std::ios::trunc) << text;
  fs::remove(folder_ / "table/_delta_log/00000000000000000000.crc");
  EXPECT_NE(rows_with(whole_, "t")
                .find("it has the column 'day', of which the log knows values, and the table has "
                      "another of nearly that name"),
            std::string::npos)
      << rows_with(whole_, "t");
}

TEST_F(DataFileDamageTest, AColumnThatHasAnotherPhysicalNameInTheLog) {
  const fs::path mapped = folder_ / "mapped";
  Connection connection(database_);
  write_table(database_, connection, "SELECT i AS id, 'row ' || i AS s FROM range(50) r(i)", {},
              {.location = mapped, .properties = {{"delta.columnMapping.mode", "name"}}});
  const fs::path log = mapped / "_delta_log/00000000000000000000.json";
  std::ifstream in(log);
  std::string text{std::istreambuf_iterator<char>(in), {}};
  const std::string key = "columnMapping.physicalName\\\":\\\"";
  const std::size_t name = text.find(key);
  ASSERT_NE(name, std::string::npos);
  text[name + key.size() + 6] ^= 1;
  std::ofstream(log, std::ios::trunc) << text;
  fs::remove(mapped / "_delta_log/00000000000000000000.crc");
  try {
    connection.query("FROM delta_scan(" + quote_string(mapped.string()) + ")");
    FAIL() << "it was read";
  } catch (const base::Error& error) {
    EXPECT_EQ(error.code(), "DELTA_DATA_FILE_UNREADABLE");
    EXPECT_NE(error.message().find("the table has another of nearly that name"), std::string::npos)
        << error.message();
  }
}

// A footer has no checksum, and says some things once: where pages begin, the scale of decimals.
TEST_F(DataFileDamageTest, IsFoundOrDoesNoHarmButForAFewBits) {
  const Counts counts = damage_from(whole_.size() - footer_size());
  EXPECT_GT(counts.errors, counts.damaged / 10);
  EXPECT_LT(counts.others, counts.damaged / 200);
}

TEST_F(DataFileDamageTest, IsFoundWhereTheWriterLeftChecksums) {
  delta::write_hadoop_checksum(folder_ / "table" / file_, 64);
  const Counts counts = damage_from(0, 5);
  EXPECT_GE(counts.errors, counts.damaged / 2);  // the other half are counts, without any page
  EXPECT_EQ(counts.others, 0);
}

}  // namespace
}  // namespace duck
