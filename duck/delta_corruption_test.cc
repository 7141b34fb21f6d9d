// Tables whose files were damaged from outside. Whatever was done to them, a reader says what is
// wrong in an error of its own or reads on; it never crashes or hangs. Where the format shows the
// damage, the rows that it reads are the right ones.
//   CODEANATOMY_CORRUPTION_SEED and CODEANATOMY_CORRUPTION_TRIALS choose other damage and more.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <random>

#include "base/error.h"
#include "delta/checkpoint.h"
#include "delta/deletion_vector_writer.h"
#include "duck/hand_made_table.h"

namespace duck {
namespace {

namespace fs = std::filesystem;

constexpr int kRowsPerFile = 100;

std::uint64_t number_from(const char* variable, std::uint64_t otherwise) {
  const char* const text = std::getenv(variable);
  return text ? std::strtoull(text, nullptr, 10) : otherwise;
}

std::string bytes_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void set_bytes(const fs::path& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
}

// How the log tells of the first versions.
enum class Log { kClassicCheckpoint, kCheckpointInParts, kSidecars, kCompaction };

class DeltaCorruption : public testing::TestWithParam<Log> {
 protected:
  DeltaCorruption() {
    make_table();
    right_rows_ = rows_of(table_.folder());
  }

  // Four files, of two partitions, in three versions, of which the last one has a checksum; one has
  // a deletion vector in a file, one an inline one.
  void make_table() {
    const bool has_sidecars = GetParam() == Log::kSidecars;
    table_.commit(
        {HandMadeTable::protocol(has_sidecars
                                     ? std::vector<std::string>{"deletionVectors", "v2Checkpoint"}
                                     : std::vector<std::string>{"deletionVectors"}),
         table_.metadata(table_.schema_of("SELECT 'p' AS p, " + columns(0) + " FROM range(1) r(i)"),
                         {"p"}, {{"delta.checkpointPolicy", has_sidecars ? "v2" : "classic"}}),
         file(0)});
    delta::AddFile in_file = file(1);
    delta::DeletionVectorWriter writer(delta::local_store(), table_.location(), 0);
    in_file.deletion_vector = writer.add(delta::DeletionVector::of(several_rows()));
    writer.finish();
    delta::AddFile is_inline = file(2);
    is_inline.deletion_vector = delta::DeletionVectorDescriptor{
        .storage_type = "i",  // rows 3, 4, 7, 11, 18 and 29
        .path_or_inline_dv = "^Bg9^0rr910000000000iXQKl0rr91000f55c8Xg0@@D72lkbi5=-{L",
        .offset = std::nullopt,
        .size_in_bytes = 44,
        .cardinality = 6};
    table_.commit({in_file, is_inline});
    const auto second =
        delta::Snapshot::load(delta::local_store(), database_->parquet_engine(), table_.location());
    if (GetParam() != Log::kCompaction) delta::write_checkpoint(*second);
    if (GetParam() == Log::kCheckpointInParts) split_checkpoint();
    table_.commit({file(3)});
    if (GetParam() == Log::kCompaction) {
      set_bytes(log() / "00000000000000000000.00000000000000000001.compacted.json",
                bytes_of(log() / "00000000000000000000.json") +
                    bytes_of(log() / "00000000000000000001.json"));
    }
    write_checksum();
  }

  void split_checkpoint() {
    const fs::path whole = log() / "00000000000000000001.checkpoint.parquet";
    for (const std::string part : {"1", "2"}) {
      const std::string condition = part == "1" ? "n < 3" : "n >= 3";
      connection_.execute(
          "COPY (SELECT * EXCLUDE (n) FROM (SELECT *, row_number() OVER () AS n FROM "
          "read_parquet(" +
          quote_string(whole.string()) + ")) WHERE " + condition + ") TO " +
          quote_string(
              (log() / ("00000000000000000001.checkpoint.000000000" + part + ".0000000002.parquet"))
                  .string()) +
          " (FORMAT parquet)");
    }
    fs::remove(whole);
    set_bytes(log() / "_last_checkpoint", R"({"version":1,"size":5,"parts":2})");
  }

  void write_checksum() {
    std::ifstream first(log() / "00000000000000000000.json");
    nlohmann::json checksum = {
        {"numFiles", 4}, {"numMetadata", 1}, {"numProtocol", 1}, {"numDeletionVectorsOpt", 2}};
    for (const auto& [action, name] :
         {std::pair("protocol", "protocol"), {"metaData", "metadata"}}) {
      std::string line;
      std::getline(first, line);
      checksum[name] = nlohmann::json::parse(line).at(action);
    }
    std::uintmax_t bytes = 0;
    for (const auto& entry : fs::directory_iterator(table_.folder())) {
      if (entry.path().extension() == ".parquet") bytes += entry.file_size();
    }
    checksum["tableSizeBytes"] = bytes;
    set_bytes(log() / "00000000000000000002.crc", checksum.dump());
  }

  static std::string columns(int file) {
    return "i + " + std::to_string(file * kRowsPerFile) +
           " AS n, 'row ' || i % 50 AS s, i * 0.5 AS d, TIMESTAMPTZ '2024-01-01 00:00:00Z' + "
           "to_seconds(i) AS t, [i, i + 1] AS list";
  }
  delta::AddFile file(int number) {
    return table_.file(
        "SELECT " + columns(number) + " FROM range(" + std::to_string(kRowsPerFile) + ") r(i)",
        {"n", "s"}, {{"p", std::to_string(number % 2)}});
  }
  static std::vector<std::uint64_t> several_rows() {
    std::vector<std::uint64_t> rows;
    for (std::uint64_t row = 0; row < kRowsPerFile; row += 7) rows.push_back(row);
    return rows;
  }

  fs::path log() const { return table_.folder() / "_delta_log"; }

  // All files of the table, relative to it, in a fixed order: data, deletion vectors, the log.
  std::vector<fs::path> files() const {
    std::vector<fs::path> found;
    for (const auto& entry : fs::recursive_directory_iterator(table_.folder())) {
      if (entry.is_regular_file()) found.push_back(fs::relative(entry.path(), table_.folder()));
    }
    // Some names are random.
    std::sort(found.begin(), found.end(), [](const fs::path& left, const fs::path& right) {
      return std::pair(left.extension(), left) < std::pair(right.extension(), right);
    });
    return found;
  }

  // A copy of the table, of which no cache knows. Without the commits that a checkpoint tells of
  // when `cleaned`.
  fs::path copy(bool cleaned) {
    const fs::path folder = table_.folder().string() + "-" + std::to_string(copies_++);
    fs::remove_all(folder);
    fs::copy(table_.folder(), folder, fs::copy_options::recursive);
    if (cleaned && GetParam() != Log::kCompaction) {
      fs::remove(folder / "_delta_log" / "00000000000000000000.json");
      fs::remove(folder / "_delta_log" / "00000000000000000001.json");
    }
    return folder;
  }

  // All rows, or the error that there was instead.
  std::string rows_of(const fs::path& folder) {
    try {
      const auto found = Connection(*database_)
                             .query("SELECT concat_ws('|', n, s, d, t, list, p) FROM delta_scan(" +
                                    quote_string(folder.string()) + ") ORDER BY 1");
      std::string text;
      for (const auto& row : found.rows) text += std::get<std::string>(row[0]) + "\n";
      return text;
    } catch (const base::Error& error) {
      return "error " + error.code() + ": " + error.message();
    }
  }

  // What a reader may make of a damaged table: its own error, or rows; the right ones where damage
  // shows.
  void check(const fs::path& folder, bool damage_shows, const std::string& what) {
    const std::string rows = rows_of(folder);
    fs::remove_all(folder);
    if (rows.starts_with("error ")) {
      // A column may have another name now.
      const bool is_of_query = !damage_shows && rows.starts_with("error SQL_INVALID");
      EXPECT_TRUE(is_of_query || rows.starts_with("error DELTA_")) << what << "\n" << rows;
      ++errors_;
    } else if (damage_shows) {
      EXPECT_TRUE(rows == right_rows_) << what << "\n" << lines(rows) << " rows are read";
    }
  }

  // Damages copies of the table, one file of each: `damage` gets a file's name and bytes, and tells
  // what it did to them.
  template <typename Damage>
  void try_damage(bool (*shows)(const fs::path& file), const Damage& damage) {
    const std::vector<fs::path> all = files();
    for (std::uint64_t i = 0; i < trials_; ++i) {
      const fs::path file = all[i % all.size()];
      const fs::path folder = copy(below(2) == 0);
      if (!fs::exists(folder / file)) continue;
      std::string bytes = bytes_of(folder / file);
      const std::string what = damage(file, bytes);
      set_bytes(folder / file, bytes);
      check(folder, shows(file), file.string() + what + ", seed " + std::to_string(seed_));
    }
    EXPECT_GT(errors_, 0);
  }

  static std::ptrdiff_t lines(const std::string& text) {
    return std::count(text.begin(), text.end(), '\n');
  }

  std::size_t below(std::size_t end) {
    return std::uniform_int_distribution<std::size_t>(0, end - 1)(random_);
  }

  const std::uint64_t seed_ = number_from("CODEANATOMY_CORRUPTION_SEED", 4);
  const std::uint64_t trials_ = number_from("CODEANATOMY_CORRUPTION_TRIALS", 60);
  std::mt19937_64 random_{seed_};
  std::unique_ptr<Database> database_ = std::make_unique<Database>(DatabaseConfig{.threads = 2});
  Connection connection_{*database_};
  HandMadeTable table_{connection_, "corruption"};
  std::string right_rows_;
  int copies_ = 0;
  int errors_ = 0;
};

// Lines of the log that are not there leave no trace but in the checksum.
TEST_P(DeltaCorruption, CutOffFiles) {
  const auto shows = [](const fs::path&) { return true; };
  try_damage(shows, [this](const fs::path&, std::string& bytes) {
    bytes.resize(below(bytes.size()));
    return " cut off at " + std::to_string(bytes.size());
  });
}

TEST_P(DeltaCorruption, ExchangedFiles) {
  const std::vector<fs::path> all = files();
  for (const fs::path& left : all) {
    for (const fs::path& right : all) {
      // Of one kind, one may stand for another.
      if (left.extension() == right.extension() && left.parent_path() == right.parent_path()) {
        continue;
      }
      for (const bool cleaned : {false, true}) {
        const fs::path folder = copy(cleaned);
        if (fs::exists(folder / left)) set_bytes(folder / left, bytes_of(table_.folder() / right));
        check(folder, true, left.string() + " holds " + right.string());
      }
    }
  }
  EXPECT_GT(errors_, 0);
}

TEST_P(DeltaCorruption, ChangedBytes) {
  const auto shows = [](const fs::path& file) { return file.extension() == ".bin"; };
  try_damage(shows, [this](const fs::path&, std::string& bytes) {
    std::string what = ":";
    // The ends of files, where their footers are, are as likely as all the rest.
    const bool at_end = below(2) == 0;
    for (std::size_t count = 1 + below(3); count > 0; --count) {
      const std::size_t at =
          at_end ? bytes.size() - 1 - below(std::min<std::size_t>(bytes.size(), 400))
                 : below(bytes.size());
      bytes[at] = static_cast<char>(static_cast<unsigned char>(bytes[at]) ^ (1 + below(255)));
      what += " " + std::to_string(at);
    }
    return what;
  });
}

TEST_P(DeltaCorruption, EveryByteOfADeletionVector) {
  for (const fs::path& file : files()) {
    if (file.extension() != ".bin") continue;
    const std::string whole = bytes_of(table_.folder() / file);
    for (std::size_t at = 0; at < whole.size(); ++at) {
      const fs::path folder = copy(false);
      std::string bytes = whole;
      bytes[at] = static_cast<char>(bytes[at] ^ (1 << below(8)));
      set_bytes(folder / file, bytes);
      check(folder, true, "byte " + std::to_string(at));
    }
    EXPECT_EQ(errors_, static_cast<int>(whole.size()));
  }
}

TEST_P(DeltaCorruption, MissingFiles) {
  for (const fs::path& file : files()) {
    for (const bool cleaned : {false, true}) {
      const fs::path folder = copy(cleaned);
      const bool is_newest = file.filename() == "00000000000000000002.json";
      if (!is_newest) fs::remove(folder / file);
      check(folder, true, file.string() + " is gone");
    }
  }
  EXPECT_GT(errors_, 0);
}

INSTANTIATE_TEST_SUITE_P(Logs, DeltaCorruption,
                         testing::Values(Log::kClassicCheckpoint, Log::kCheckpointInParts,
                                         Log::kSidecars, Log::kCompaction));

}  // namespace
}  // namespace duck
