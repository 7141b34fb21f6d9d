// Small tables of ../shared/conformance and one of ours, damaged at every byte of their log and of
// their deletion vectors. The state that a reader finds is the right one, or an error says what is
// wrong, or, where nothing can show it, there is another state, whose rows can be asked for.
// A version checksum that lists the files, as ours, shows everything, and so do the checksums that
// Spark left beside its files.
//   CODEANATOMY_SWEEP_STEP=1 takes every byte, as `make test-long` does; otherwise some of them.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <random>
#include <utility>

#include "base/error.h"
#include "base/shared_data.h"
#include "delta/checkpoint.h"
#include "delta/snapshot.h"
#include "delta/store.h"
#include "delta/testing/hadoop_checksum_file.h"
#include "duck/database.h"
#include "duck/sql_text.h"
#include "duck/table_delete.h"
#include "duck/table_write.h"

namespace duck {
namespace {

namespace fs = std::filesystem;

constexpr const char* kOurs = "ours";

class DeltaByteSweep : public testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    fs::remove_all(folder_);
    if (is_ours()) {
      make_table();
    } else {
      const auto shared = base::shared_data_dir();
      const fs::path table = shared ? *shared / "conformance" / GetParam() / "delta" : fs::path();
      if (!shared || !fs::exists(table)) GTEST_SKIP() << "there is no ../shared/conformance";
      fs::copy(table, folder_, fs::copy_options::recursive);
    }
    for (const auto& entry : fs::recursive_directory_iterator(folder_)) {
      fs::permissions(entry.path(), fs::perms::owner_write, fs::perm_options::add);
      const bool is_of_log = entry.path().string().find("_delta_log") != std::string::npos;
      const bool is_damaged = is_of_log || entry.path().extension() == ".bin";
      if (entry.is_regular_file() && is_damaged) files_.push_back(entry.path());
    }
    std::sort(files_.begin(), files_.end());
    const auto checked = std::count_if(files_.begin(), files_.end(), is_checked);
    EXPECT_EQ(checked > 0, GetParam().find("v2-") != std::string::npos);
    right_ = state();
    ASSERT_FALSE(right_.starts_with("error ")) << right_;
  }
  void TearDown() override { fs::remove_all(folder_); }

  static bool is_ours() { return GetParam() == kOurs; }

  // A checkpoint, and after it an append and a deletion vector; partitions.
  void make_table() {
    Connection connection(database_);
    TableWriteOptions options{.location = folder_.string(),
                              .partition_by = {"p"},
                              .properties = {{"delta.enableDeletionVectors", "true"}}};
    const auto append = [&](int first) {
      write_table(database_, connection,
                  "SELECT i AS id, 'text ' || i AS text, i % 2 AS p FROM range(" +
                      std::to_string(first) + ", " + std::to_string(first + 10) + ") r(i)",
                  {}, options);
      options.properties.clear();
    };
    append(0);
    delta::write_checkpoint(
        *delta::Snapshot::load(delta::local_store(), engine_, folder_.string()));
    append(10);
    delete_rows(database_, connection, {.location = folder_.string(), .where = "id IN (3, 4, 15)"});
    ASSERT_TRUE(fs::exists(folder_ / "_delta_log/00000000000000000002.crc"));
  }

  static std::string bytes_of(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  static void set_bytes(const fs::path& path, const std::string& bytes) {
    std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
  }

  // All that rows depend on, or the error that there was instead.
  std::string state() {
    try {
      const auto snapshot = delta::Snapshot::load(delta::local_store(), engine_, folder_.string());
      std::string text = std::to_string(snapshot->version()) + snapshot->metadata().schema_string;
      std::vector<std::string> files;
      for (const delta::AddFile& file : snapshot->files()) {
        std::string one = file.path + " " + std::to_string(file.size) + file.stats.value_or("");
        for (const auto& [name, value] : file.partition_values) {
          one += " " + name + "=" + value.value_or("NULL");
        }
        if (file.deletion_vector) one += " " + rows_of_vector(*file.deletion_vector);
        files.push_back(std::move(one));
      }
      std::sort(files.begin(), files.end());
      for (const std::string& file : files) text += "\n" + file;
      return text;
    } catch (const base::Error& error) {
      return "error " + error.code() + ": " + error.message();
    }
  }

  // The descriptor; what it names is read by `rows`.
  static std::string rows_of_vector(const delta::DeletionVectorDescriptor& vector) {
    return vector.storage_type + vector.path_or_inline_dv +
           std::to_string(vector.offset.value_or(-1)) + ":" + std::to_string(vector.size_in_bytes) +
           ":" + std::to_string(vector.cardinality);
  }

  std::string rows() {
    try {
      Database database(DatabaseConfig{.threads = 1});
      std::string text;
      // The second one leaves out files, by their statistics.
      for (const char* const condition : {"true", "id BETWEEN 3 AND 9"}) {
        const auto found = Connection(database).query("SELECT t::VARCHAR FROM delta_scan(" +
                                                      quote_string(folder_.string()) +
                                                      ") t WHERE " + condition + " ORDER BY 1");
        for (const auto& row : found.rows) text += std::get<std::string>(row.at(0)) + "\n";
        if (!is_ours()) break;
      }
      return text;
    } catch (const base::Error& error) {
      return "error " + error.code() + ": " + error.message();
    }
  }

  // Whether it has checksums beside it, or holds them.
  static bool is_checked(const fs::path& file) {
    return file.filename().string().starts_with('.') || fs::exists(delta::hadoop_checksum_of(file));
  }

  // Whether a cut leaves whole lines, which a log without a checksum does not show.
  static bool leaves_lines(const fs::path& file, const std::string& whole, std::size_t size) {
    if (file.extension() != ".json" || size == 0) return false;
    return whole[size - 1] == '\n' || whole[size] == '\n';
  }

  // What a reader found.
  struct Counts {
    std::size_t damaged = 0;
    std::size_t errors = 0;
    std::size_t right = 0;
    std::size_t others = 0;  // rows of another table that is as valid
  };

  // Does `damage(bytes, at)` at every byte of each file. `shows(file, whole, at)`: whether a reader
  // must find it out, or the right state.
  template <typename Damage, typename Shows>
  void sweep(const Damage& damage, const Shows& shows) {
    const char* const given = std::getenv("CODEANATOMY_SWEEP_STEP");
    const std::size_t step = given ? std::strtoull(given, nullptr, 10) : 101;
    const std::string right_rows = rows();
    Counts counts;
    for (const fs::path& file : files_) {
      const std::string whole = bytes_of(file);
      for (std::size_t at = 0; at < whole.size(); at += step) {
        std::string bytes = whole;
        damage(bytes, at);
        if (bytes == whole) continue;
        ++counts.damaged;
        set_bytes(file, bytes);
        const std::string what = file.filename().string() + " at " + std::to_string(at);
        const std::string found = state();
        const bool is_same = found == right_ && file.extension() != ".bin";
        if (found.starts_with("error ")) {
          ++counts.errors;
          EXPECT_TRUE(found.starts_with("error DELTA_")) << what << ": " << found;
        } else if (!is_same) {
          const std::string read = rows();
          const bool is_error = read.starts_with("error ");
          EXPECT_TRUE(!is_error || read.starts_with("error DELTA_")) << what << ": " << read;
          const bool is_shown = is_ours() || is_checked(file) || shows(file, whole, at);
          EXPECT_TRUE(is_error || read == right_rows || !is_shown) << what << read;
          ++(is_error ? counts.errors : read == right_rows ? counts.right : counts.others);
        } else {
          ++counts.right;
        }
      }
      set_bytes(file, whole);
    }
    EXPECT_GT(counts.damaged, 0u);
    EXPECT_EQ(state(), right_);
    std::cout << counts.damaged << " damages: " << counts.errors << " errors, " << counts.right
              << " times the right rows, " << counts.others << " other tables\n";
  }

  const fs::path folder_ = fs::temp_directory_path() / ("sweep-" + std::to_string(::getpid()));
  std::vector<fs::path> files_;
  Database database_{DatabaseConfig{.threads = 1}};
  std::shared_ptr<delta::ParquetEngine> engine_ = database_.parquet_engine();
  std::string right_;
  std::mt19937_64 random_{7};
};

bool is_hint_or_vector(const fs::path& file) {
  return file.filename() == "_last_checkpoint" || file.extension() == ".bin";
}

TEST_P(DeltaByteSweep, FilesCutOffAnywhere) {
  sweep([](std::string& bytes, std::size_t at) { bytes.resize(at); },
        [](const fs::path& file, const std::string& whole, std::size_t at) {
          return !leaves_lines(file, whole, at);
        });
}

TEST_P(DeltaByteSweep, AChangedBitOfEveryByte) {
  sweep(
      [this](std::string& bytes, std::size_t at) {
        bytes[at] = static_cast<char>(bytes[at] ^ (1 << (random_() % 8)));
      },
      [](const fs::path& file, const std::string&, std::size_t) {
        return is_hint_or_vector(file);
      });
}

TEST_P(DeltaByteSweep, EveryByteExchangedForAnother) {
  sweep([this](std::string& bytes,
               std::size_t at) { std::swap(bytes[at], bytes[random_() % bytes.size()]); },
        [](const fs::path& file, const std::string&, std::size_t) {
          return is_hint_or_vector(file);
        });
}

INSTANTIATE_TEST_SUITE_P(
    Tables, DeltaByteSweep,
    testing::Values(kOurs, "kernel/table-with-dv-small", "golden/v2-checkpoint-json",
                    "kernel/v2-classic-checkpoint-parquet"),
    [](const auto& info) {
      std::string name = info.param;
      std::replace_if(name.begin(), name.end(), [](char c) { return c == '/' || c == '-'; }, '_');
      return name;
    });

}  // namespace
}  // namespace duck
