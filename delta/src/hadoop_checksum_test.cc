// Files of the local store with the checksums that Hadoop keeps beside them.
#include "delta/src/hadoop_checksum.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "base/error.h"
#include "base/shared_data.h"
#include "base/uuid.h"
#include "delta/log_compaction.h"
#include "delta/new_table.h"
#include "delta/src/last_vacuum.h"
#include "delta/store.h"
#include "delta/testing/hadoop_checksum_file.h"
#include "delta/transaction.h"

namespace delta {
namespace {

namespace fs = std::filesystem;

class HadoopChecksumTest : public testing::Test {
 protected:
  HadoopChecksumTest() { fs::create_directory(folder_); }
  ~HadoopChecksumTest() override { fs::remove_all(folder_); }

  static void write(const fs::path& file, const std::string& bytes) {
    std::ofstream(file, std::ios::binary | std::ios::trunc) << bytes;
  }

  // The message with "…" for the folder; "" when there is no error.
  template <typename Action>
  std::string fault(const Action& action) const {
    try {
      action();
    } catch (const base::Error& error) {
      EXPECT_EQ(error.code(), "DELTA_STORE_CHECKSUM_MISMATCH");
      EXPECT_EQ(error.details().at("path"), file_.string());
      std::string text = error.message();
      for (auto at = text.find(folder_); at != std::string::npos; at = text.find(folder_)) {
        text.replace(at, folder_.string().size(), "…");
      }
      return text;
    }
    return "";
  }
  std::string read_fault() const {
    return fault([&] { store_->read(file_); });
  }

  const fs::path folder_ = fs::temp_directory_path() / ("hadoop-" + base::random_uuid());
  const fs::path file_ = folder_ / "f";
  const std::shared_ptr<Store> store_ = local_store();
};

TEST_F(HadoopChecksumTest, AnyDamageIsFound) {
  for (const std::size_t size : {1, 7, 8, 9, 16, 20}) {
    const std::string whole = std::string("abcdefghijklmnopqrst").substr(0, size);
    write(file_, whole);
    write_hadoop_checksum(file_, 8);
    EXPECT_EQ(store_->read(file_), whole);
    for (std::size_t at = 0; at < size; ++at) {
      std::string bytes = whole;
      bytes[at] ^= 4;
      write(file_, bytes);
      EXPECT_NE(read_fault(), "") << at;
      write(file_, whole.substr(0, at));
      EXPECT_NE(read_fault(), "") << at;
    }
    for (const std::size_t more : {1, 8, 16}) {
      write(file_, whole + std::string(more, 'x'));
      EXPECT_NE(read_fault(), "") << more;
    }
  }
}

TEST_F(HadoopChecksumTest, TheErrorSaysWhereAndWhatToLookAt) {
  write(file_, "abcdefghijklmnopqrst");
  write_hadoop_checksum(file_, 8);
  write(file_, "abcdefghijklmnOpqrst");
  EXPECT_EQ(
      read_fault(),
      "cannot read '…/f': its bytes from 8 to 15 are not those of the checksums in '…/.f.crc': "
      "it was damaged, or changed without them");
  write(file_, "abcdefgh");
  EXPECT_EQ(read_fault(),
            "cannot read '…/f': its 8 bytes are not as many as those of the checksums in "
            "'…/.f.crc': it was damaged, or changed without them");
}

TEST_F(HadoopChecksumTest, OfARangeTheChunksItIsInAreChecked) {
  write(file_, "abcdefghijklmnopqrst");
  EXPECT_FALSE(store_->check_range(file_, 0, 20));
  write_hadoop_checksum(file_, 8);
  EXPECT_TRUE(store_->check_range(file_, 0, 1000));
  write(file_, "abcdefghijklmnOpqrst");
  EXPECT_TRUE(store_->check_range(file_, 0, 8));
  EXPECT_TRUE(store_->check_range(file_, 16, 4));
  EXPECT_TRUE(store_->check_range(file_, 30, 4));
  for (const auto& [offset, size] : {std::pair(8, 1), {7, 2}, {15, 1}, {0, 1000}}) {
    EXPECT_NE(fault([&, at = offset, count = size] { store_->check_range(file_, at, count); }), "")
        << offset;
  }
}

TEST_F(HadoopChecksumTest, LargeFilesAreCheckedToTheEnd) {
  std::string bytes(3'000'001, 'x');
  write(file_, bytes);
  write_hadoop_checksum(file_);
  EXPECT_TRUE(store_->check_range(file_, 0, 4'000'000));
  bytes.back() = 'y';
  write(file_, bytes);
  EXPECT_NE(fault([&] { store_->check_range(file_, 0, 4'000'000); }), "");
  EXPECT_NE(read_fault(), "");
}

TEST_F(HadoopChecksumTest, WhatIsNoChecksumFileIsPassedOver) {
  write(file_, "abc");
  for (const std::string other : {"", "crc", "a text that is something else"}) {
    write(hadoop_checksum_of(file_), other);
    EXPECT_EQ(store_->read(file_), "abc");
    EXPECT_FALSE(store_->check_range(file_, 0, 3));
  }
  fs::remove(hadoop_checksum_of(file_));
  fs::create_directory(hadoop_checksum_of(file_));
  EXPECT_EQ(store_->read(file_), "abc");
}

TEST_F(HadoopChecksumTest, ChunksMayBeLargerThanTheFile) {
  write(file_, "abc");
  write_hadoop_checksum(file_, 16 << 20);
  EXPECT_TRUE(store_->check_range(file_, 1, 1));
  write(file_, "abd");
  EXPECT_NE(fault([&] { store_->check_range(file_, 0, 1); }), "");
}

TEST_F(HadoopChecksumTest, ThoseOfAnEarlierFileGoWithIt) {
  const auto with_those_of_another = [&] {
    write(file_, "another");
    write_hadoop_checksum(file_);
  };
  with_those_of_another();
  store_->put(file_, "put");
  EXPECT_EQ(store_->read(file_), "put");
  with_those_of_another();
  store_->remove(file_);
  EXPECT_FALSE(fs::exists(hadoop_checksum_of(file_)));
  with_those_of_another();
  const std::string path = file_.string();
  store_->remove_all({&path, 1});
  EXPECT_FALSE(fs::exists(hadoop_checksum_of(file_)));
  with_those_of_another();
  fs::remove(file_);
  EXPECT_TRUE(store_->put_if_absent(file_, "put if absent"));
  EXPECT_EQ(store_->read(file_), "put if absent");
  with_those_of_another();
  EXPECT_FALSE(store_->put_if_absent(file_, "put if absent"));
  EXPECT_TRUE(fs::exists(hadoop_checksum_of(file_)));
}

TEST_F(HadoopChecksumTest, WhatTheLogOnlyRepeatsIsPassedOverAndReplaced) {
  const std::string table = folder_ / "table";
  NewTable definition;
  definition.schema.fields.push_back({"a", DataType::primitive(TypeKind::kLong)});
  Transaction::create(store_, table, definition).commit({});
  const auto append = [&](const std::string& path) {
    Transaction transaction = Transaction::start(Snapshot::load(store_, nullptr, table));
    transaction.add({.path = path, .size = 1, .modification_time = 1});
    transaction.commit({});
  };
  append("f");
  append("g");
  const auto with_those_of_another = [](const fs::path& file) {
    const fs::path other = file.parent_path() / "other";
    write(other, "another");
    write_hadoop_checksum(other);
    fs::rename(hadoop_checksum_of(other), hadoop_checksum_of(file));
    fs::remove(other);
  };
  const fs::path compaction = compact_log(*Snapshot::load(store_, nullptr, table), 1, {}).path;
  with_those_of_another(compaction);
  EXPECT_EQ(Snapshot::load(store_, nullptr, table)->files().size(), 2u);
  EXPECT_TRUE(compact_log(*Snapshot::load(store_, nullptr, table), 1, {}).written);
  EXPECT_FALSE(fs::exists(hadoop_checksum_of(compaction)));

  put_last_vacuumed_version(*store_, table, 1);
  EXPECT_EQ(last_vacuumed_version(*store_, table), 1);
  with_those_of_another(folder_ / "table/_delta_log/_last_vacuum_info");
  EXPECT_EQ(last_vacuumed_version(*store_, table), std::nullopt);

  with_those_of_another(folder_ / "table/_delta_log/00000000000000000000.json");
  const std::string path = table + "/_delta_log/00000000000000000000.json";
  try {
    Snapshot::load(store_, nullptr, table)->files();
    FAIL();
  } catch (const base::Error& error) {
    EXPECT_EQ(error.code(), "DELTA_STORE_CHECKSUM_MISMATCH");
    EXPECT_EQ(error.details().at("path"), path);
  }
}

TEST_F(HadoopChecksumTest, ThoseOfSparkFit) {
  const auto shared = base::shared_data_dir();
  if (!shared) GTEST_SKIP() << "there is no ../shared";
  int checked = 0;
  for (const auto& entry : fs::recursive_directory_iterator(*shared / "conformance")) {
    if (!entry.is_regular_file() || entry.path().filename().string().starts_with('.')) continue;
    checked += store_->check_range(entry.path(), 0, 1 << 30);
  }
  EXPECT_GT(checked, 200);
}

}  // namespace
}  // namespace delta
